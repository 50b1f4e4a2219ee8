using System.IO.Pipelines;
using FlexEdit.Contracts.Messages;
using FlexEdit.Gateway.Edits.WatchEdit;
using FlexEdit.Gateway.Hosting;
using FlexEdit.Platform.Objects;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Gateway.WatchEdit;

public sealed class EditStreamTests : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("flexedit-stream-").FullName;
    private readonly EditFeed _feed = new();
    private readonly ListJournal _journal = new();
    private readonly FakeTimeProvider _time = new();
    private readonly ServiceProvider _services;
    private readonly Pipe _pipe = new();
    private readonly StreamReader _events;

    public EditStreamTests()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["FlexEdit:Objects:Folder"] = _folder }).Build();
        _services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddLogging().AddObjectStore().BuildServiceProvider();
        _events = new StreamReader(_pipe.Reader.AsStream());
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Shows_the_log_from_the_beginning_and_ends_after_done()
    {
        Log(("queued", null), ("processing", "understanding"), ("succeeded", null));
        var (stream, _) = await StartAsync();
        (await EventAsync()).ShouldBe(("status", "1", """{"sequence":1,"status":"queued","stage":null}"""));
        (await EventAsync()).ShouldBe(("status", "2", """{"sequence":2,"status":"processing","stage":"understanding"}"""));
        (await EventAsync()).ShouldBe(("status", "3", """{"sequence":3,"status":"succeeded","stage":null}"""));
        (await EventAsync()).ShouldBe(("done", "3", $$"""{"id":"{{ListJournal.Edit}}","status":"succeeded"}"""));
        await stream;
    }

    [Fact]
    public async Task Goes_on_behind_what_the_client_has_already()
    {
        Log(("queued", null), ("processing", "understanding"), ("canceled", null));
        var (stream, _) = await StartAsync(after: 2);
        (await EventAsync()).Id.ShouldBe("3");
        (await EventAsync()).Name.ShouldBe("done");
        await stream;
    }

    [Fact]
    public async Task Says_done_again_to_a_client_that_lost_only_the_end()
    {
        Log(("queued", null), ("canceled", null));
        var (stream, _) = await StartAsync(after: 2);
        (await EventAsync()).Name.ShouldBe("done");
        await stream;
    }

    [Fact]
    public async Task News_of_a_change_wake_it()
    {
        Log(("queued", null));
        var (stream, _) = await StartAsync();
        await EventAsync();
        Log(("failed", null));
        _feed.Publish(new EditChanged { EditId = ListJournal.Edit, Sequence = 2 });
        (await EventAsync()).ShouldBe(("status", "2", """{"sequence":2,"status":"failed","stage":null}"""));
        (await EventAsync()).Name.ShouldBe("done");
        await stream;
    }

    [Fact]
    public async Task Finds_a_change_whose_news_was_lost_by_looking_again()
    {
        Log(("queued", null));
        var (stream, _) = await StartAsync();
        await EventAsync();
        Log(("expired", null));
        await PassAsync(stream, Options.Reread);
        (await EventAsync()).Id.ShouldBe("2");
        (await EventAsync()).Name.ShouldBe("done");
        await stream;
    }

    [Fact]
    public async Task Shows_steps_and_previews_under_the_number_of_the_state_they_belong_to()
    {
        Log(("queued", null), ("processing", "generating"));
        var (_, end) = await StartAsync();
        await EventAsync();
        await EventAsync();
        var key = $"tenants/default/edits/{ListJournal.Edit}/preview.jpg";
        await _services.GetRequiredService<IObjectStore>().PutAsync(key, new MemoryStream([1, 2, 3]), "image/jpeg", Token);
        _feed.Publish(Step(4, key));
        (await EventAsync()).ShouldBe(("progress", "2.4", """{"step":4,"steps":8,"output":0}"""));
        (await EventAsync()).ShouldBe(("preview", "2.4", """{"output":0,"step":4,"image":"data:image/jpeg;base64,AQID"}"""));
        await end.CancelAsync();
    }

    [Fact]
    public async Task Passes_over_the_steps_of_an_attempt_that_was_replaced_and_previews_that_are_gone()
    {
        Log(("queued", null), ("processing", "generating"));
        var (_, end) = await StartAsync();
        await EventAsync();
        await EventAsync();
        _feed.Publish(Step(1, attempt: 3));
        (await EventAsync()).Id.ShouldBe("2.1");
        _feed.Publish(Step(5, attempt: 2));
        _feed.Publish(Step(2, "tenants/default/edits/none.jpg", attempt: 3));
        _feed.Publish(Step(3, attempt: 3));
        (await EventAsync()).Id.ShouldBe("2.2");
        (await EventAsync()).ShouldBe(("progress", "2.3", """{"step":3,"steps":8,"output":0}"""));
        await end.CancelAsync();
    }

    [Fact]
    public async Task Sends_a_comment_into_silence()
    {
        Log(("queued", null));
        var (stream, end) = await StartAsync();
        await EventAsync();
        for (var passed = TimeSpan.Zero; passed < Options.Heartbeat; passed += Options.Reread)
            await PassAsync(stream, Options.Reread);
        (await _events.ReadLineAsync(Token)).ShouldBe(":");
        await end.CancelAsync();
    }

    [Fact]
    public async Task Ends_when_the_edit_is_deleted()
    {
        Log(("queued", null));
        var (stream, _) = await StartAsync();
        await EventAsync();
        _journal.Exists = false;
        _feed.Publish(new EditChanged { EditId = ListJournal.Edit, Sequence = 9 });
        await stream;
    }

    [Fact]
    public void A_client_that_reads_nothing_costs_no_more_than_a_few_steps()
    {
        using var subscription = _feed.Subscribe(ListJournal.Edit);
        for (var i = 1; i <= 10_000; i++)
            _feed.Publish(Step(i));
        _feed.Publish(new EditChanged { EditId = ListJournal.Edit, Sequence = 7 });
        for (var i = 1; i <= 10_000; i++)
            _feed.Publish(Step(i));
        subscription.Newest.ShouldBe(7);
        subscription.Take().Select(step => step.Step).ShouldBe(Enumerable.Range(10_000 - 31, 32));
    }

    [Fact]
    public void Forgets_an_edit_that_nobody_watches()
    {
        var one = _feed.Subscribe(ListJournal.Edit);
        var other = _feed.Subscribe(ListJournal.Edit);
        one.Dispose();
        _feed.Count.ShouldBe(1);
        other.Dispose();
        _feed.Count.ShouldBe(0);
    }

    private static GatewayOptions Options { get; } = new();

    private async Task<(Task Stream, CancellationTokenSource End)> StartAsync(long after = 0)
    {
        var end = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var subscription = _feed.Subscribe(ListJournal.Edit);
        var first = (await _journal.ReadAsync(ListJournal.Tenant, ListJournal.Edit, after, Token))!;
        var sse = new SseWriter(_pipe.Writer.AsStream(), _time);
        var share = new SharedLogs(_journal, _services.GetRequiredService<IObjectStore>(), _time).Open(ListJournal.Tenant, ListJournal.Edit);
        var stream = new EditStream(share.Log, Options, _time, subscription)
            .RunAsync(first, after, sse, new NativeEvents(sse), end.Token);
        return (stream, end);
    }

    private void Log(params (string Status, string? Stage)[] changes)
    {
        foreach (var (status, stage) in changes)
            _journal.Add(status, stage);
    }

    /// <summary>Moves time until the stream has looked at the log again.</summary>
    private async Task PassAsync(Task stream, TimeSpan time)
    {
        var read = _journal.NextRead;
        while (!read.IsCompleted && !stream.IsCompleted)
        {
            _time.Advance(time);
            await Task.Yield();
        }
    }

    /// <summary>The next event. Comments are passed over: how many there are depends on how far the fake time ran ahead of the stream.</summary>
    private async Task<(string Name, string Id, string Data)> EventAsync()
    {
        var lines = new List<string>();
        do
        {
            lines.Clear();
            while (await _events.ReadLineAsync(Token) is { Length: > 0 } line)
                lines.Add(line);
        }
        while (lines is [":"]);
        lines.Count.ShouldBe(3, string.Join('\n', lines));
        return (lines[0]["event: ".Length..], lines[1]["id: ".Length..], lines[2]["data: ".Length..]);
    }

    private static EditProgressed Step(int step, string? preview = null, int attempt = 1) =>
        new() { EditId = ListJournal.Edit, Attempt = attempt, Output = 0, Step = step, Steps = 8, PreviewKey = preview };
}
