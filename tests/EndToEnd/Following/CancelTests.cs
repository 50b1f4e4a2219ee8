using FlexEdit.Cli.Api;
using FlexEdit.Contracts.Edits;
using FlexEdit.Tests.EndToEnd.Hosting;
using FlexEdit.Tests.EndToEnd.Pictures;
using FlexEdit.Tests.EndToEnd.Requests;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.EndToEnd.Following;

[Collection(ServerCollection.Name)]
public sealed class CancelTests(StandaloneServer server) : IDisposable
{
    private static readonly EditForm s_long = new() { Scene = Scenes.PhotographPng(), Shapes = Scenes.RingAt(160, 120, 60), Options = [("steps", "50"), ("n", "4")] };

    private readonly FlexEditClient _client = server.Client();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_edit_that_nobody_has_begun_ends_at_once()
    {
        var running = new List<EditJob>();
        for (var i = 0; i < 6; i++)
            running.Add(await server.Calls.SubmitAsync(s_long));
        // Understood, and waiting for one of the four slots that the others hold.
        while ((await server.Calls.GetAsync(running[^1].Id)).Understanding is null)
            await Task.Yield();

        var canceled = await _client.CancelAsync(running[^1].Id, Cancellation);
        var again = await _client.CancelAsync(running[^1].Id, Cancellation);

        canceled.Status.ShouldBe(EditStatus.Canceled);
        (again.Status, again.Sequence).ShouldBe((canceled.Status, canceled.Sequence));
        foreach (var job in running)
            await _client.CancelAsync(job.Id, Cancellation);
        foreach (var job in running)
            (await server.Calls.EndOfAsync(job.Id)).Status.ShouldBe(EditStatus.Canceled);
    }

    [Fact]
    public async Task An_edit_that_is_being_painted_stops_between_two_steps()
    {
        var id = (await server.Calls.SubmitAsync(s_long)).Id;
        await foreach (var item in server.Calls.EventsAsync(id))
        {
            if (item.EventType == "progress")
                break;
        }

        var answer = await _client.CancelAsync(id, Cancellation);

        answer.Status.ShouldBeOneOf(EditStatus.Canceling, EditStatus.Canceled);
        var ended = await server.Calls.EndOfAsync(id);
        ended.Status.ShouldBe(EditStatus.Canceled);
        ended.Outputs.ShouldBeEmpty();
        var receipt = (await _client.GetJsonAsync($"/v1/edits/{id}", Cancellation)).GetProperty("cancellation");
        receipt.GetProperty("steps_run").GetInt32().ShouldBeInRange(1, 199);
        receipt.GetProperty("model_ms").GetDouble().ShouldBeGreaterThan(0);
        (receipt.GetProperty("released_at").GetDateTimeOffset() >= receipt.GetProperty("requested_at").GetDateTimeOffset()).ShouldBeTrue();
    }

    [Fact]
    public async Task A_finished_edit_keeps_its_result()
    {
        var job = await server.Calls.RunAsync(s_long with { Options = [("steps", "1")] });

        var answer = await _client.CancelAsync(job.Id, Cancellation);

        (answer.Status, answer.Sequence).ShouldBe((EditStatus.Succeeded, job.Sequence));
        (await server.Calls.DownloadAsync(job.Outputs[0].Url)).ShouldNotBeEmpty();
    }

    public void Dispose() => _client.Dispose();
}
