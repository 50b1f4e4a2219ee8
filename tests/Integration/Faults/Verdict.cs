using System.Globalization;
using System.Text;

namespace FlexEdit.Tests.Integration.Faults;

/// <summary>What a checker found.</summary>
internal sealed record Verdict
{
    /// <summary>Edits a client saw a 202 for.</summary>
    public required int Accepted { get; init; }
    /// <summary>Of them, those that succeeded.</summary>
    public required int Succeeded { get; init; }
    /// <summary>Of them, those that failed, by the error's code.</summary>
    public required IReadOnlyDictionary<string, int> Failed { get; init; }
    /// <summary>Accepted edits that the server does not know.</summary>
    public required IReadOnlyList<string> Lost { get; init; }
    /// <summary>Accepted edits that did not end in time, with their status.</summary>
    public required IReadOnlyList<string> Stuck { get; init; }
    /// <summary>Edits with more than one terminal event, or a stage that was finished more than once.</summary>
    public required IReadOnlyList<string> Duplicated { get; init; }
    /// <summary>Results that cannot be fetched or are not what the job says.</summary>
    public required IReadOnlyList<string> Damaged { get; init; }
    /// <summary>Edits that share a key, or stand under none: all submissions had one of their own.</summary>
    public required IReadOnlyList<string> DoubleKeys { get; init; }
    /// <summary>Objects of edits that the ledger does not know.</summary>
    public required IReadOnlyList<string> Orphaned { get; init; }
    /// <summary>Objects under known edits that no result names: previews, and what attempts left that did not count. They go with their edit.</summary>
    public required int LeftOver { get; init; }
    /// <summary>Attempts that were lost with their worker.</summary>
    public required int LostAttempts { get; init; }
    /// <summary>Edits in the ledger, those included whose 202 nobody saw.</summary>
    public required int InLedger { get; init; }

    /// <summary>Nothing lost, doubled, stuck, damaged or orphaned.</summary>
    public bool IsClean => Lost.Count + Stuck.Count + Duplicated.Count + Damaged.Count + DoubleKeys.Count + Orphaned.Count == 0;

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = new StringBuilder();
        Line("accepted (202)", Accepted);
        Line("succeeded", Succeeded);
        Line("failed", Failed.Values.Sum(), [.. Failed.Select(f => $"{f.Key} {f.Value}")]);
        Line("lost", Lost.Count, Lost);
        Line("duplicated results or terminal events", Duplicated.Count, Duplicated);
        Line("edits with a wrong key", DoubleKeys.Count, DoubleKeys);
        Line("stuck", Stuck.Count, Stuck);
        Line("damaged results", Damaged.Count, Damaged);
        Line("orphaned objects", Orphaned.Count, Orphaned);
        Line("objects no result names (go with their edit)", LeftOver);
        Line("lost attempts", LostAttempts);
        Line("edits in the ledger", InLedger);
        return text.ToString();

        void Line(string name, int number, IReadOnlyList<string>? what = null)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {name,-48}{number,7}");
            if (what is { Count: > 0 })
                text.Append("   ").AppendJoin(", ", what.Take(8));
            text.AppendLine();
        }
    }
}
