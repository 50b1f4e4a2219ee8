using System.Collections.Concurrent;
using FlexEdit.Contracts.Messages;

namespace FlexEdit.Storage.Reads;

/// <summary>The newest progress report of every edit at work, in memory: losable, never in the ledger.</summary>
internal sealed class ProgressBoard(TimeProvider time)
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(15);
    private readonly ConcurrentDictionary<string, Entry> _newest = new();

    /// <summary>Takes a report. One of an older attempt, or of an earlier step of the same picture, changes nothing; a preview stays until a newer one comes.</summary>
    public void Take(EditProgressed report)
    {
        var now = time.GetUtcNow();
        _newest.AddOrUpdate(
            report.EditId,
            _ => new Entry(report, report.PreviewKey, now),
            (_, known) => IsOlder(report, known.Report)
                ? known
                : new Entry(report, report.PreviewKey ?? (known.Report.Attempt == report.Attempt ? known.PreviewKey : null), now));
    }

    /// <summary>The newest report of an edit and the newest preview of the same attempt; null where none came.</summary>
    public (EditProgressed Report, string? PreviewKey)? Of(string editId) =>
        _newest.TryGetValue(editId, out var entry) ? (entry.Report, entry.PreviewKey) : null;

    /// <summary>Drops what nobody asks for any more.</summary>
    public void ForgetOld()
    {
        var before = time.GetUtcNow() - KeptFor;
        foreach (var entry in _newest.Where(entry => entry.Value.At < before))
            _newest.TryRemove(entry);
    }

    private static bool IsOlder(EditProgressed report, EditProgressed known) =>
        (report.Attempt, report.Output, report.Step).CompareTo((known.Attempt, known.Output, known.Step)) < 0;

    private sealed record Entry(EditProgressed Report, string? PreviewKey, DateTimeOffset At);
}
