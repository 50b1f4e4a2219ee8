namespace FlexEdit.Contracts.Tenants;

/// <summary>How far the erasure of a tenant is.</summary>
public sealed record ErasureProgress
{
    /// <summary>Whether nothing is left; else ask again.</summary>
    public required bool Done { get; init; }
    /// <summary>Edits that are still there, most of them because they are at work.</summary>
    public required int EditsLeft { get; init; }
    /// <summary>What was removed in this part, by kind.</summary>
    public required IReadOnlyDictionary<string, long> Removed { get; init; }
}
