using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.ServerSentEvents;

namespace FlexEdit.Tests.EndToEnd.Following;

/// <summary>Many clients that follow one edit, each over a connection of its own.</summary>
internal sealed class Crowd(Uri server, string id) : IDisposable
{
    private const int ConnectingAtOnce = 64;

    private readonly HttpClient _http = new(new SocketsHttpHandler()) { BaseAddress = server, Timeout = Timeout.InfiniteTimeSpan };
    private readonly List<Member> _members = [];
    private readonly ConcurrentDictionary<string, Arrival> _arrivals = new(StringComparer.Ordinal);

    /// <summary>Who is there.</summary>
    public IReadOnlyList<Member> Members => _members;

    /// <summary>Of each event when the first and the last client had it.</summary>
    public IReadOnlyDictionary<string, Arrival> Arrivals => _arrivals;

    /// <summary>Lets more clients in, until there are <paramref name="count"/> and each has had its first event.</summary>
    public async Task GrowAsync(int count, CancellationToken cancellationToken)
    {
        var fresh = Enumerable.Range(0, count - _members.Count).Select(_ => new Member(this)).ToArray();
        _members.AddRange(fresh);
        await Parallel.ForEachAsync(fresh, Few(cancellationToken), static async (member, token) => await member.ConnectAsync(token));
    }

    /// <summary>Breaks every <paramref name="nth"/> client's connection off and lets it connect again behind its last event.</summary>
    public async Task<int> ReconnectAsync(int nth, CancellationToken cancellationToken)
    {
        var some = _members.Where((_, i) => i % nth == 0).ToArray();
        await Parallel.ForEachAsync(some, Few(cancellationToken), static async (member, token) =>
        {
            await member.LeaveAsync();
            // Who has heard the end asks no more.
            if (!member.IsDone)
                await member.ConnectAsync(token);
        });
        return some.Length;
    }

    /// <summary>Waits until every stream has ended.</summary>
    public Task EndAsync() => Task.WhenAll(_members.Select(member => member.Ended));

    public void Dispose() => _http.Dispose();

    private static ParallelOptions Few(CancellationToken cancellationToken) => new() { MaxDegreeOfParallelism = ConnectingAtOnce, CancellationToken = cancellationToken };

    /// <summary>When an event came to the first and to the last client, and how many had it.</summary>
    internal sealed class Arrival
    {
        private readonly long _first = Stopwatch.GetTimestamp();
        private long _last;
        private int _count;

        public int Count => _count;

        public TimeSpan Spread => Stopwatch.GetElapsedTime(_first, _last);

        public long Last => _last;

        public void Note()
        {
            Interlocked.Increment(ref _count);
            Interlocked.Exchange(ref _last, Stopwatch.GetTimestamp());
        }
    }

    /// <summary>One client.</summary>
    internal sealed class Member(Crowd crowd)
    {
        private readonly List<string> _told = [];
        private CancellationTokenSource _leaving = new();
        private string? _last;

        /// <summary>The events that must not be lost: changes of state and the end, in the order in which they came.</summary>
        public string Told => string.Join(", ", _told);

        /// <summary>Whether the end came.</summary>
        public bool IsDone => _told is [.., { } last] && last.StartsWith("done ", StringComparison.Ordinal);

        /// <summary>Steps and previews that came.</summary>
        public int Steps { get; private set; }

        /// <summary>Ends with the stream.</summary>
        public Task Ended { get; private set; } = Task.CompletedTask;

        /// <summary>Connects, and waits for the answer.</summary>
        public async Task ConnectAsync(CancellationToken cancellationToken)
        {
            _leaving = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/edits/{crowd.Id}/events");
            if (_last is not null)
                request.Headers.Add("Last-Event-ID", _last);
            var answer = await crowd.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, _leaving.Token);
            answer.EnsureSuccessStatusCode();
            var first = new TaskCompletionSource();
            Ended = ReadAsync(answer, first);
            // Who comes again may have had everything so far.
            if (_last is null)
                await Task.WhenAny(first.Task, Ended);
        }

        /// <summary>Breaks off.</summary>
        public async Task LeaveAsync()
        {
            await _leaving.CancelAsync();
            await Ended;
        }

        private async Task ReadAsync(HttpResponseMessage answer, TaskCompletionSource first)
        {
            using (answer)
            {
                try
                {
                    await using var stream = await answer.Content.ReadAsStreamAsync(_leaving.Token);
                    await foreach (var item in SseParser.Create(stream).EnumerateAsync(_leaving.Token))
                    {
                        var name = $"{item.EventType} {item.EventId}";
                        crowd._arrivals.GetOrAdd(name, static _ => new Arrival()).Note();
                        _last = item.EventId;
                        if (item.EventType is "status" or "done")
                            _told.Add(name);
                        else
                            Steps++;
                        first.TrySetResult();
                    }
                }
                catch (OperationCanceledException) when (_leaving.IsCancellationRequested)
                {
                }
            }
        }
    }

    private string Id => id;

    private HttpClient Http => _http;
}
