using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using FlexEdit.Contracts.Edits;
using FlexEdit.Tests.EndToEnd.Hosting;
using FlexEdit.Tests.EndToEnd.Pictures;
using FlexEdit.Tests.EndToEnd.Requests;
using FlexEdit.Tests.Unit.Storage;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.EndToEnd.Webhooks;

/// <summary>Webhooks of the server as a process, verified with the standard's reference library.</summary>
[Collection(OwnServerCollection.Name)]
public sealed class WebhookTests : IDisposable
{
    private static readonly (string, string) s_private = ("FLEXEDIT__Webhooks__AllowPrivateTargets", "true");
    private readonly string _data = Directory.CreateTempSubdirectory("flexedit-hooks").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task Tells_the_url_of_an_edit_and_an_endpoint_in_order_with_good_signatures()
    {
        await using var own = new WebhookReceiver();
        await using var endpoint = new WebhookReceiver();
        await using var server = await ServerProcess.StartAsync(_data, s_private, ("FLEXEDIT__Webhooks__SigningKeys__0", "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbc="));
        var made = await (await server.Http.PostAsJsonAsync("/v1/webhooks", new { url = endpoint.Url }, Token)).Content.ReadFromJsonAsync<JsonElement>(Token);
        var calls = new EditCalls(server);

        var id = (await calls.SubmitAsync(Form(("seed", "7"), ("webhook", own.Url), ("webhook_events", """["edit.started","edit.succeeded"]""")))).Id;
        (await calls.EndOfAsync(id)).Status.ShouldBe(EditStatus.Succeeded, server.Log);
        foreach (var receiver in new[] { own, endpoint })
        {
            await receiver.ArrivedAsync(Token);
            await receiver.ArrivedAsync(Token);
            receiver.Calls.Select(call => call.Type).ShouldBe(["edit.started", "edit.succeeded"]);
            receiver.Calls[1].Json.GetProperty("data").GetProperty("outputs")[0].GetProperty("url").GetString().ShouldBe($"/v1/edits/{id}/outputs/0");
        }

        var secret = (await server.Http.GetFromJsonAsync<JsonElement>("/v1/webhooks/default/secret", Token)).GetProperty("secret").GetString()!;
        (await ReferenceVerifier.VerifyAsync(secret, own.Calls, Token)).ShouldBe(["good", "good"]);
        (await ReferenceVerifier.VerifyAsync(made.GetProperty("secret").GetString()!, endpoint.Calls, Token)).ShouldBe(["good", "good"]);
        (await ReferenceVerifier.VerifyAsync(secret, endpoint.Calls, Token)).ShouldAllBe(verdict => verdict != "good");

        // Whoever has only the public key can verify them too.
        var key = (await server.Http.GetFromJsonAsync<JsonElement>("/.well-known/jwks.json", Token)).GetProperty("keys")[0];
        (await ReferenceVerifier.VerifyAsync(key, endpoint.Calls, Token)).ShouldBe(["good", "good"]);
        var forged = endpoint.Calls.Select(call => call with { Body = [.. call.Body, (byte)' '] });
        (await ReferenceVerifier.VerifyAsync(key, forged, Token)).ShouldAllBe(verdict => verdict != "good");

        // Both secrets of a rotation are good.
        var path = $"/v1/webhooks/{made.GetProperty("id").GetString()}";
        var fresh = await (await server.Http.PostAsync($"{path}/rotate", null, Token)).Content.ReadFromJsonAsync<JsonElement>(Token);
        (await server.Http.PostAsync($"{path}/test", null, Token)).StatusCode.ShouldBe(HttpStatusCode.OK);
        foreach (var known in new[] { made, fresh })
            (await ReferenceVerifier.VerifyAsync(known.GetProperty("secret").GetString()!, endpoint.Calls.TakeLast(1), Token)).ShouldBe(["good"]);
    }

    [Fact]
    public async Task A_server_killed_between_sending_and_recording_sends_again_under_the_same_id()
    {
        await using var receiver = new WebhookReceiver(WebhookReceiver.Hangs());
        await using (var first = await ServerProcess.StartAsync(_data, s_private))
        {
            await new EditCalls(first).SubmitAsync(Form(("seed", "7"), ("webhook", receiver.Url)));
            await receiver.ArrivedAsync(Token);
            await first.KillAsync();
        }
        receiver.Script = WebhookReceiver.Answers(200);

        await using var second = await ServerProcess.StartAsync(_data, s_private);
        await receiver.ArrivedAsync(Token);
        await receiver.ArrivedAsync(Token);

        receiver.Calls.Select(call => call.Type).ShouldBe(["edit.started", "edit.started", "edit.succeeded"], second.Log);
        receiver.Calls[1].Id.ShouldBe(receiver.Calls[0].Id);
        receiver.Calls[1].Text.ShouldBe(receiver.Calls[0].Text);
    }

    [Fact]
    public async Task Without_the_operators_leave_no_private_url_is_taken()
    {
        await using var receiver = new WebhookReceiver();
        await using var server = await ServerProcess.StartAsync(_data);
        var calls = new EditCalls(server);

        using var refused = await calls.PostAsync(Form(("webhook", receiver.Url)));
        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await EditCalls.ProblemOfAsync(refused)).GetProperty("code").GetString().ShouldBe("webhook_invalid");
        using var unclear = await calls.PostAsync(Form(("webhook", "https://example.com/"), ("webhook_events", "edit.succeeded")));
        unclear.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        using var alone = await calls.PostAsync(Form(("webhook_events", """["edit.succeeded"]""")));
        alone.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        receiver.Calls.ShouldBeEmpty();
    }

    private static EditForm Form(params (string, string)[] options) =>
        new() { Scene = Scenes.PhotographPng(), Shapes = Scenes.RingAt(160, 120, 60), Options = options };
}
