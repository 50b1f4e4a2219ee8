using System.Text.Json;
using FlexEdit.Tests.EndToEnd.Hosting;
using FlexEdit.Tests.Unit.Storage;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.EndToEnd.Doors;

/// <summary>Replicate's client against servers with settings of their own.</summary>
[Collection(OwnServerCollection.Name)]
public sealed class ReplicateOwnServerTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("flexedit-replicate").FullName;
    private readonly DoorPictures _pictures = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tells_a_prediction_to_its_webhook_and_the_client_finds_it_genuine()
    {
        await using var receiver = new WebhookReceiver();
        await using var server = await ServerProcess.StartAsync(_data, ("FLEXEDIT__Webhooks__AllowPrivateTargets", "true"));

        var made = await RunAsync(server, "webhook", "unused", receiver.Url);
        await receiver.ArrivedAsync(Token);
        await receiver.ArrivedAsync(Token);

        (made.GetProperty("webhook").GetString(), string.Join(' ', ReplicateNodeTests.Texts(made, "filter")), made.GetProperty("status").GetString()).ShouldBe((receiver.Url, "start completed", "succeeded"));
        var told = receiver.Calls.Select(call => call.Json).ToArray();
        told.Select(prediction => (prediction.GetProperty("id").GetString(), prediction.GetProperty("status").GetString()))
            .ShouldBe([(made.GetProperty("id").GetString(), "processing"), (made.GetProperty("id").GetString(), "succeeded")]);
        using var picture = await server.Http.GetAsync(told[1].GetProperty("output")[0].GetString(), Token);
        picture.Content.Headers.ContentType!.MediaType.ShouldBe("image/png");

        var calls = Path.Combine(_data, "calls.json");
        await File.WriteAllTextAsync(calls, JsonSerializer.Serialize(receiver.Calls.Select(call => new { headers = call.Headers, body = call.Text })), Token);
        var verdicts = await RunAsync(server, "validate", "unused", calls);
        verdicts.GetProperty("good").EnumerateArray().ShouldAllBe(verdict => verdict.GetBoolean());
        verdicts.GetProperty("forged").EnumerateArray().ShouldAllBe(verdict => !verdict.GetBoolean());
    }

    [Fact]
    public async Task With_keys_the_client_reads_what_it_sends_no_key_for()
    {
        var secret = new string('s', 32);
        await using var server = await ServerProcess.StartAsync(_data, ("FLEXEDIT__Gateway__Keys", "required"), ("FLEXEDIT__Internal__Token", secret));
        using var make = new HttpRequestMessage(HttpMethod.Post, "/internal/keys") { Content = new StringContent("""{"tenant":"acme","name":"test","scopes":["edits:write","edits:read"]}""", System.Text.Encoding.UTF8, "application/json") };
        make.Headers.Add("X-FlexEdit-Internal-Token", secret);
        using var made = await server.Http.SendAsync(make, Token);
        var key = JsonDocument.Parse(await made.Content.ReadAsStringAsync(Token)).RootElement.GetProperty("key").GetString()!;

        var told = await RunAsync(server, "keyed", key);

        told.ToString().ShouldBe("""{"account":"acme","status":"succeeded","result":200,"last":"done","changed":401}""");
        var failure = (await RunAsync(server, "key", "r8_nobodys")).GetProperty("failure");
        (failure.GetProperty("status").GetInt32(), failure.GetProperty("code").GetString()).ShouldBe((401, "key_malformed"));
        server.Log.ShouldNotContain(key);
        server.Log.ShouldNotContain("r8_nobodys");
    }

    public void Dispose()
    {
        _pictures.Dispose();
        Directory.Delete(_data, recursive: true);
    }

    private Task<JsonElement> RunAsync(ServerProcess server, string scenario, string key, string more = "") =>
        NodeScript.RunAsync(Checkout.Root, "replicate.mjs", Token, scenario, server.Address.ToString(), key, _pictures.Folder, more);
}
