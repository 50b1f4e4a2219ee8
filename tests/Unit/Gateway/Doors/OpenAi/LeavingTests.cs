using FlexEdit.Tests.Unit.Gateway.Running;
using Shouldly;
using Xunit;
using static FlexEdit.Tests.Unit.Gateway.Running.Answers;

namespace FlexEdit.Tests.Unit.Gateway.Doors.OpenAi;

/// <summary>Clients of OpenAI's door that leave, come without a good key, or wait too long.</summary>
public class LeavingTests(DoorServer server) : IClassFixture<DoorServer>
{
    private const string Path = "/v1/images/edits";
    private readonly ScriptedWorker _worker = new(server);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("false")]
    [InlineData("true")]
    public async Task Whoever_leaves_takes_the_edit_along(string stream)
    {
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var prompt = $"remove {FlexEdit.Contracts.Ids.NewMessage(TimeProvider.System)}";
        using var form = Form(("image", Pictures.Scene()), ("prompt", prompt), ("stream", stream));
        var asked = SendAsync(server.Client, form, null, leave.Token);
        var id = await _worker.EditAsync(prompt);

        await leave.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(asked);
        await _worker.BecomesAsync(id, "canceled");
    }

    [Fact]
    public async Task Whoever_may_ask_again_with_its_key_gets_the_same_edit()
    {
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var prompt = $"remove {FlexEdit.Contracts.Ids.NewMessage(TimeProvider.System)}";
        using var form = Form(("image", Pictures.Scene()), ("prompt", prompt));
        var asked = SendAsync(server.Client, form, prompt, leave.Token);
        var id = await _worker.EditAsync(prompt);
        await leave.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(asked);

        await _worker.FinishAsync(await _worker.PaintingAsync(id), [1, 2, 3]);
        using var same = Form(("image", Pictures.Scene()), ("prompt", prompt));
        using var answer = await SendAsync(server.Client, same, prompt, Token);

        answer.StatusCode.ShouldBe(200);
        answer.Headers.GetValues("Idempotency-Replayed").ShouldBe(["true"]);
        ((string)(await answer.BodyAsync())["edit"]!).ShouldBe(id);
    }

    [Fact]
    public async Task An_edit_that_takes_too_long_is_canceled()
    {
        await using var hasty = new Hasty();
        await hasty.InitializeAsync();
        using var form = Form(("image", Pictures.Scene()), ("prompt", "remove it"));

        using var answer = await hasty.Client.PostAsync(Path, form, Token);

        await answer.ShouldBeOpenAiErrorAsync(504, "server_error", "deadline_exceeded", null);
        var worker = new ScriptedWorker(hasty);
        await worker.BecomesAsync(await worker.EditAsync("remove it"), "canceled");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("sk-123")]
    public async Task Without_a_good_key_there_is_nothing(string? key)
    {
        await using var closed = new Closed();
        await closed.InitializeAsync();
        using var form = Form(("image", Pictures.Scene()), ("prompt", "remove it"));
        if (key is not null)
            closed.Client.DefaultRequestHeaders.Authorization = new("Bearer", key);

        using var answer = await closed.Client.PostAsync(Path, form, Token);

        await answer.ShouldBeOpenAiErrorAsync(401, "invalid_request_error", "invalid_api_key", null);
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, HttpContent form, string? key, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = form };
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        return client.SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken);
    }

    private sealed class Hasty : DoorServer
    {
        protected override IReadOnlyDictionary<string, string?> Settings =>
            new Dictionary<string, string?>(base.Settings) { ["FlexEdit:Gateway:LongestEdit"] = "00:00:00.500" };
    }

    private sealed class Closed : GatewayServer
    {
        protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?> { ["FlexEdit:Gateway:Keys"] = "required" };
    }
}
