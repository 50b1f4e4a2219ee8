namespace FlexEdit.Storage.Ledger;

/// <summary>
/// An uploaded object. While it is being removed, an edit that wants it is refused for the moment, so that no edit ever loses an input to the
/// removal of another.
/// </summary>
public sealed class InputRow
{
    public required string Key { get; init; }
    /// <summary>Nobody uses the object any more, and it is on its way out of the object store.</summary>
    public bool Removing { get; set; }
}

/// <summary>An edit, or an asset that is kept, that uses an uploaded object. Rows are only added and deleted, so edits with the same picture do not wait for one another.</summary>
public sealed class InputUseRow
{
    public required string Key { get; init; }
    /// <summary>Id of the edit or asset.</summary>
    public required string Holder { get; init; }
}
