namespace FlexEdit.Storage.Ledger;

/// <summary>Remembers an edit whose data are gone.</summary>
public sealed class RemovedRow
{
    public required string Id { get; init; }
    public required string Tenant { get; init; }
    /// <summary>True: its retention ended (410). False: its owner deleted it (404).</summary>
    public required bool Expired { get; init; }
    public required long RemovedAt { get; init; }
    /// <summary>Whether its objects are gone too; the sweeper sees to it.</summary>
    public bool ObjectsRemoved { get; set; }
}
