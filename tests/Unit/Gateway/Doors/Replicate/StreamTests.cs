using System.Net.ServerSentEvents;
using FlexEdit.Tests.Unit.Gateway.Running;
using Shouldly;
using Xunit;
using static FlexEdit.Tests.Unit.Gateway.Doors.Replicate.PredictionCalls;

namespace FlexEdit.Tests.Unit.Gateway.Doors.Replicate;

/// <summary>A prediction's events.</summary>
public class StreamTests(DoorServer server) : IClassFixture<DoorServer>
{
    private readonly ScriptedWorker _worker = new(server);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tells_steps_results_and_the_end()
    {
        var (id, stream) = await MadeAsync();
        // Replicate's client takes what such a stream gives out for files.
        stream.AbsolutePath.ShouldBe($"/v1/files/streams/{id}");
        using var answer = await server.Client.GetAsync(stream, HttpCompletionOption.ResponseHeadersRead, Token);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        await using var events = SseParser.Create(await answer.Content.ReadAsStreamAsync(Token)).EnumerateAsync(Token).GetAsyncEnumerator(Token);

        var attempt = await _worker.PaintingAsync(id);
        await _worker.ProgressAsync(attempt, output: 0, step: 10, steps: 20, [9]);
        (await NextAsync()).ShouldBe(("logs", " 50%|█████     | 10/20"));
        await _worker.FinishAsync(attempt, [1, 2, 3], [4]);
        (await NextAsync()).ShouldBe(("output", "data:image/png;base64,AQID"));
        (await NextAsync()).ShouldBe(("output", "data:image/png;base64,BA=="));
        (await NextAsync()).ShouldBe(("done", "{}"));
        (await events.MoveNextAsync()).ShouldBeFalse();

        async Task<(string, string)> NextAsync()
        {
            (await events.MoveNextAsync()).ShouldBeTrue();
            // Replicate's Python client passes over events without one.
            events.Current.EventId.ShouldNotBeNullOrEmpty();
            return (events.Current.EventType, events.Current.Data);
        }
    }

    [Fact]
    public async Task A_failure_is_an_error_and_then_the_end()
    {
        var (id, stream) = await MadeAsync();
        await _worker.FailAsync(await _worker.PaintingAsync(id), "model_error");

        (await EventsAsync(stream)).ShouldBe([("error", "It came to nothing."), ("done", """{"reason":"error"}""")]);
    }

    [Fact]
    public async Task A_canceled_one_ends_without_an_error()
    {
        var (id, stream) = await MadeAsync();
        using var canceled = await server.Client.PostAsync($"/v1/predictions/{id}/cancel", null, Token);

        (await EventsAsync(stream)).ShouldBe([("done", """{"reason":"canceled"}""")]);
    }

    private async Task<(string Id, Uri Stream)> MadeAsync()
    {
        using var made = await server.Client.PredictAsync(Input(Words()));
        var prediction = await made.BodyAsync();
        return ((string)prediction["id"]!, new Uri((string)prediction["urls"]!["stream"]!));
    }

    private async Task<List<(string, string)>> EventsAsync(Uri stream)
    {
        var told = new List<(string, string)>();
        await foreach (var one in SseParser.Create(await server.Client.GetStreamAsync(stream, Token)).EnumerateAsync(Token))
            told.Add((one.EventType, one.Data));
        return told;
    }
}
