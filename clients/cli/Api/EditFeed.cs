using System.Net.ServerSentEvents;
using System.Text.Json;
using FlexEdit.Contracts;
using FlexEdit.Contracts.Edits;

namespace FlexEdit.Cli.Api;

/// <summary>Follows an edit's server-sent events to its end, over dropped connections (WHATWG HTML, section 9.2).</summary>
/// <param name="client">The server.</param>
/// <param name="time">Decides when to try again.</param>
public sealed class EditFeed(FlexEditClient client, TimeProvider time)
{
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(5);

    /// <summary>How often in a row the stream may be lost without a new event before it is given up.</summary>
    public int Patience { get; init; } = 10;

    /// <summary>Reports every update until the edit has ended, and returns it as it ended.</summary>
    /// <param name="id">The edit.</param>
    /// <param name="report">Takes the updates.</param>
    /// <param name="cancellationToken">Stops following.</param>
    /// <param name="enough">Ends it before, with the first job that it is true of; null: never.</param>
    /// <exception cref="ApiException">The server refused.</exception>
    /// <exception cref="ServerUnreachableException">The stream was lost and the server stayed away.</exception>
    public async Task<EditJob> FollowAsync(string id, Action<EditUpdate> report, CancellationToken cancellationToken, Func<EditJob, bool>? enough = null)
    {
        string? lastEventId = null;
        var losses = 0;
        while (true)
        {
            Exception lost;
            try
            {
                using var response = await client.OpenEventsAsync(id, lastEventId, cancellationToken);
                await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
                await foreach (var item in SseParser.Create(stream).EnumerateAsync(cancellationToken))
                {
                    losses = 0;
                    lastEventId = item.EventId ?? lastEventId;
                    if (await ReadAsync(id, item, report, enough, cancellationToken) is { } ended)
                        return ended;
                }
                lost = new IOException("The event stream ended before the edit did.");
            }
            catch (Exception problem) when (problem is IOException or ServerUnreachableException or HttpRequestException)
            {
                lost = problem;
            }
            if (++losses > Patience)
                throw new ServerUnreachableException(client.Server, lost);
            await Task.Delay(Pause(losses), time, cancellationToken);
        }
    }

    private static TimeSpan Pause(int losses)
    {
        var pause = s_firstPause * Math.Pow(2, losses - 1);
        return pause < s_longestPause ? pause : s_longestPause;
    }

    private async Task<EditJob?> ReadAsync(string id, SseItem<string> item, Action<EditUpdate> report, Func<EditJob, bool>? enough, CancellationToken cancellationToken)
    {
        switch (item.EventType)
        {
            case "status":
                var changed = await client.GetAsync(id, cancellationToken);
                report(new JobChanged(changed));
                return enough?.Invoke(changed) == true ? changed : null;
            case "progress":
                report(Read<StepDone>(item));
                return null;
            case "preview":
                report(Read<PreviewCame>(item));
                return null;
            case "done":
                var job = Read<EditJob>(item);
                report(new JobChanged(job));
                return EditStatus.IsTerminal(job.Status) ? job : null;
            default:
                return null; // an event of a newer server
        }
    }

    private static T Read<T>(SseItem<string> item) =>
        JsonSerializer.Deserialize<T>(item.Data, ContractJson.Options) ?? throw new JsonException($"The {item.EventType} event was empty.");
}
