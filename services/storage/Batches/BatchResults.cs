using System.Text.Json;
using FlexEdit.Contracts;
using FlexEdit.Contracts.Batches;
using FlexEdit.Contracts.Edits;
using FlexEdit.Contracts.Errors;
using FlexEdit.Storage.Ledger;
using FlexEdit.Storage.Reads;
using Microsoft.EntityFrameworkCore;

namespace FlexEdit.Storage.Batches;

/// <summary>What has become of one line of a batch, one line of JSON itself.</summary>
/// <param name="Line">Number of the line, from 1.</param>
/// <param name="CustomId">What the client calls it; null without one.</param>
/// <param name="Edit">The job; null where none was made, or its data were removed.</param>
/// <param name="Error">Why there is no job; null where there is one.</param>
internal sealed record BatchResultView(int Line, string? CustomId, JobView? Edit, LineProblem? Error);

/// <summary>Writes the results of a batch page by page, however many there are.</summary>
internal sealed class BatchResults(IDbContextFactory<LedgerContext> ledgers, JobViews views)
{
    private const int Page = 50;
    private static readonly byte[] s_lineEnd = [(byte)'\n'];

    /// <summary>Writes all lines that have ended by now, in their order.</summary>
    public async Task WriteAsync(string batchId, Stream output, CancellationToken cancellationToken)
    {
        for (var last = 0; ;)
        {
            await using var ledger = await ledgers.CreateDbContextAsync(cancellationToken);
            var lines = await ledger.BatchLines.AsNoTracking().Where(l => l.BatchId == batchId && l.Line > last).OrderBy(l => l.Line).Take(Page).ToListAsync(cancellationToken);
            if (lines.Count == 0)
                return;
            last = lines[^1].Line;
            var ids = lines.Select(l => l.EditId).OfType<string>().ToArray();
            var edits = await ledger.Edits.AsNoTracking().Where(e => ids.Contains(e.Id)).Include(e => e.Attempts).AsSingleQuery().ToDictionaryAsync(e => e.Id, cancellationToken);
            foreach (var line in lines)
            {
                if (await OfAsync(line, edits, cancellationToken) is not { } result)
                    continue;
                await JsonSerializer.SerializeAsync(output, result, ContractJson.Options, cancellationToken);
                await output.WriteAsync(s_lineEnd, cancellationToken);
            }
            await output.FlushAsync(cancellationToken);
        }
    }

    // Null for a line that has not ended.
    private async Task<BatchResultView?> OfAsync(BatchLineRow line, Dictionary<string, EditRow> edits, CancellationToken cancellationToken)
    {
        switch (line.State)
        {
            case LineState.Refused:
                return new BatchResultView(line.Line, line.CustomId, null, JsonSerializer.Deserialize<LineProblem>(line.ProblemJson!, ContractJson.Options));
            case LineState.Canceled:
                return new BatchResultView(line.Line, line.CustomId, null, new LineProblem(409, ErrorCodes.Conflict, "The batch was canceled before this line was begun.", null));
            case LineState.Made when edits.GetValueOrDefault(line.EditId!) is { } edit:
                return EditStatus.IsTerminal(edit.Status) ? new BatchResultView(line.Line, line.CustomId, await views.OfAsync(edit, cancellationToken), null) : null;
            case LineState.Made:
                return new BatchResultView(line.Line, line.CustomId, null, new LineProblem(410, ErrorCodes.DataRemoved, $"The edit {line.EditId} was removed.", null));
            default:
                return null;
        }
    }
}
