namespace FlexEdit.Storage.Usage;

/// <summary>What was used on a day, of one model.</summary>
/// <param name="Day">UTC, as <c>2026-11-23</c>: the day on which the edits ended.</param>
/// <param name="Model">Id of the model.</param>
/// <param name="Edits">Edits that succeeded.</param>
/// <param name="Pixels">Pixels of their results, width times height.</param>
/// <param name="ModelSeconds">Seconds inside the model, of all edits that ended, whatever came of them.</param>
internal sealed record UsageView(string Day, string Model, long Edits, long Pixels, double ModelSeconds);

/// <summary>What a tenant used.</summary>
/// <param name="Data">Per day and model, oldest first; days without usage are left out.</param>
internal sealed record UsageListView(IReadOnlyList<UsageView> Data)
{
    /// <summary>Always <c>usage</c>.</summary>
    public string Object { get; init; } = "usage";
}
