using FlexEdit.Contracts.Edits;
using FlexEdit.Tests.EndToEnd.Hosting;
using FlexEdit.Tests.EndToEnd.Pictures;
using FlexEdit.Tests.EndToEnd.Requests;
using FlexEdit.Tests.Unit.Storage;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.EndToEnd.Tracing;

/// <summary>One trace an edit, from the client's request to the webhook, as it is exported to a collector.</summary>
[Collection(OwnServerCollection.Name)]
public sealed class TraceTests : IDisposable
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    private readonly string _data = Directory.CreateTempSubdirectory("flexedit-trace").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task An_edit_is_one_trace_without_a_gap()
    {
        await using var collector = await Collector.StartAsync();
        await using var receiver = new WebhookReceiver();
        await using var server = await ServerProcess.StartAsync(
            _data, ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Url), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), ("OTEL_BSP_SCHEDULE_DELAY", "200"),
            ("FLEXEDIT__Webhooks__AllowPrivateTargets", "true"));
        var calls = new EditCalls(server);
        server.Http.DefaultRequestHeaders.Add("traceparent", $"00-{Trace}-00f067aa0ba902b7-01");
        var form = new EditForm
        {
            Scene = Scenes.PhotographPng(), Shapes = Scenes.RingAt(160, 120, 60), Options = [("seed", "7"), ("webhook", receiver.Url), ("webhook_events", """["edit.succeeded"]""")],
        };
        var id = (await calls.SubmitAsync(form)).Id;
        server.Http.DefaultRequestHeaders.Remove("traceparent");
        var job = await calls.EndOfAsync(id);
        job.Status.ShouldBe(EditStatus.Succeeded, server.Log);

        List<Span> spans;
        do
        {
            await collector.MoreAsync(Token);
            spans = [.. collector.Spans.Where(span => span.Trace == Trace)];
        }
        while (!spans.Any(span => span.Name == "webhook") || !spans.Any(span => span.Name == "attempt generating"));

        var names = spans.Select(span => span.Name).ToArray();
        foreach (var name in new[]
        {
            "POST /v1/edits", "process submit-edit", "send UnderstandEdit", "process understand-edit.flexedit-tiny", "attempt understanding", "read",
            "send GenerateEdit", "process generate-edit.flexedit-tiny", "attempt generating", "wait for a slot", "begin", "steps", "finish", "webhook",
        })
            names.ShouldContain(name);
        // No gap: every span's parent is there, up to the client's own.
        var ids = spans.Select(span => span.Id).Append("00f067aa0ba902b7").ToHashSet();
        spans.Where(span => !ids.Contains(span.Parent)).Select(span => span.Name).ShouldBeEmpty();
        spans.Single(span => span.Name == "steps").Events.ShouldBe(job.Options!.Steps);
    }
}
