using System.IO.Pipelines;
using System.Net.ServerSentEvents;
using FlexEdit.Contracts.Messages;
using FlexEdit.Gateway.Edits.WatchEdit;
using FlexEdit.Gateway.Hosting;
using FlexEdit.Platform.Objects;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Gateway.WatchEdit;

/// <summary>Many streams of one edit: what they cost together.</summary>
public sealed class SharedLogTests
{
    private const int Streams = 200;

    private readonly ListJournal _journal = new();
    private readonly EditFeed _feed = new();
    private readonly CountingStore _objects = new();
    private readonly SharedLogs _logs;

    public SharedLogTests() => _logs = new SharedLogs(_journal, _objects, TimeProvider.System);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_hundred_streams_tell_the_same_and_cost_little_more_than_one()
    {
        _journal.Add("queued");
        // Only news are to wake them here.
        var options = new GatewayOptions { Reread = TimeSpan.FromMinutes(10), Heartbeat = TimeSpan.FromMinutes(10) };
        var watchers = await Task.WhenAll(Enumerable.Range(0, Streams).Select(_ => WatchAsync(options)));
        var before = _journal.Reads;
        foreach (var status in (string[])["processing", "processing", "succeeded"])
        {
            await Task.WhenAll(watchers.Select(watcher => watcher.HasAsync(_journal.Count)));
            if (_journal.Count == 3)
            {
                _feed.Publish(new EditProgressed { EditId = ListJournal.Edit, Attempt = 1, Output = 0, Step = 1, Steps = 2, PreviewKey = "one.jpg" });
                await Task.WhenAll(watchers.Select(watcher => watcher.HasAsync(5)));
            }
            var sequence = _journal.Add(status);
            _feed.Publish(new EditChanged { EditId = ListJournal.Edit, Sequence = sequence });
        }

        var told = await Task.WhenAll(watchers.Select(watcher => watcher.EndAsync()));
        told.Distinct().Single().ShouldBe("status 1, status 2, status 3, progress 3.1, preview 3.1, status 4, done 4");
        // Of each event one reading, and one for those who asked while it was under way.
        (_journal.Reads - before).ShouldBeLessThanOrEqualTo(2 * 3);
        _objects.Opened.ShouldBe(1);
        _logs.Count.ShouldBe(0);
    }

    [Fact]
    public async Task Another_tenants_question_is_not_answered_from_it()
    {
        _journal.Add("queued");
        using var own = _logs.Open(ListJournal.Tenant, ListJournal.Edit);
        (await own.Log.ReadAsync(Token)).ShouldNotBeNull();

        using var foreign = _logs.Open("stranger", ListJournal.Edit);

        (await foreign.Log.ReadAsync(1, isKnown: true, TimeSpan.MaxValue, Token)).ShouldBeNull();
    }

    [Fact]
    public async Task A_question_is_answered_by_a_reading_that_began_after_it()
    {
        _journal.Add("queued");
        using var share = _logs.Open(ListJournal.Tenant, ListJournal.Edit);
        for (var sequence = 2; sequence < 100; sequence++)
        {
            _journal.Add("processing");
            (await share.Log.ReadAsync(Token))!.Sequence.ShouldBe(sequence);
        }
    }

    [Fact]
    public async Task A_failed_reading_is_the_failure_of_those_who_waited_and_of_nobody_after()
    {
        _journal.Add("queued");
        using var share = _logs.Open(ListJournal.Tenant, ListJournal.Edit);
        _journal.IsAway = true;
        foreach (var question in Enumerable.Range(0, 5).Select(_ => share.Log.ReadAsync(Token)).ToArray())
            await Should.ThrowAsync<HttpRequestException>(question);
        _journal.IsAway = false;

        (await share.Log.ReadAsync(Token)).ShouldNotBeNull();
    }

    private async Task<Watcher> WatchAsync(GatewayOptions options)
    {
        var subscription = _feed.Subscribe(ListJournal.Edit);
        var share = _logs.Open(ListJournal.Tenant, ListJournal.Edit);
        var first = (await share.Log.ReadAsync(Token)).ShouldNotBeNull();
        var pipe = new Pipe();
        var sse = new SseWriter(pipe.Writer.AsStream(), TimeProvider.System);
        var stream = RunAsync();
        return new Watcher(pipe.Reader.AsStream(), stream);

        async Task RunAsync()
        {
            using (subscription)
            using (share)
                await new EditStream(share.Log, options, TimeProvider.System, subscription).RunAsync(first, 0, sse, new NativeEvents(sse), Token);
            await pipe.Writer.CompleteAsync();
        }
    }

    private sealed class Watcher
    {
        private readonly List<(int Count, TaskCompletionSource Reached)> _waits = [];
        private readonly List<string> _told = [];
        private readonly Task _reading;
        private readonly Task _stream;

        public Watcher(Stream events, Task stream) => (_stream, _reading) = (stream, ReadAsync(events));

        public Task HasAsync(int count)
        {
            lock (_told)
            {
                if (_told.Count >= count)
                    return Task.CompletedTask;
                var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _waits.Add((count, reached));
                return reached.Task.WaitAsync(Token);
            }
        }

        public async Task<string> EndAsync()
        {
            await _stream;
            await _reading;
            return string.Join(", ", _told);
        }

        private async Task ReadAsync(Stream events)
        {
            await foreach (var item in SseParser.Create(events).EnumerateAsync(Token))
            {
                lock (_told)
                {
                    _told.Add($"{item.EventType} {item.EventId}");
                    foreach (var (_, reached) in _waits.Where(wait => wait.Count <= _told.Count))
                        reached.TrySetResult();
                }
            }
        }
    }

    private sealed class CountingStore : IObjectStore
    {
        private int _opened;

        public int Opened => _opened;

        public Task<StoredObject?> OpenAsync(string key, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _opened);
            return Task.FromResult<StoredObject?>(new StoredObject(new MemoryStream([1, 2, 3]), 3, "image/jpeg"));
        }

        public Task PutAsync(string key, Stream content, string contentType, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> ExistsAsync(string key, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task DeleteAsync(string key, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<long> DeleteUnderAsync(string prefix, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task CheckAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
