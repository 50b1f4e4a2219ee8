using System.Collections.Concurrent;
using FlexEdit.Storage.Webhooks.Hosting;
using Microsoft.Extensions.Options;

namespace FlexEdit.Storage.Webhooks.Delivering;

/// <summary>The lanes that this process has sent to lately.</summary>
internal sealed class SendingLanes(IOptions<WebhookOptions> options, TimeProvider time)
{
    private const int MostIdle = 10_000;
    private readonly ConcurrentDictionary<string, SendingLane> _lanes = new();

    /// <summary>The lane of this name.</summary>
    public SendingLane Of(string name) => _lanes.GetOrAdd(name, _ => new SendingLane(time, options.Value.Concurrency));

    /// <summary>Names of lanes for which nothing may be taken now.</summary>
    public string[] Full() => [.. _lanes.Where(lane => !lane.Value.HasRoom).Select(lane => lane.Key)];

    /// <summary>Forgets lanes of which there is nothing to remember, where there are many. Only the dispatcher's loop calls it, which is the one to enter them.</summary>
    public void ForgetIdle()
    {
        if (_lanes.Count <= MostIdle)
            return;
        foreach (var (name, lane) in _lanes)
        {
            if (lane.IsIdle)
                _lanes.TryRemove(name, out _);
        }
    }
}
