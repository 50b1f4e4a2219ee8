namespace FlexEdit.Storage.Ledger;

/// <summary>
/// An uploaded object and how many edits use it. With zero uses the object is being removed: an edit that wants it meanwhile is refused for
/// the moment, so that no edit ever loses an input to the removal of another.
/// </summary>
public sealed class InputRow
{
    public required string Key { get; init; }
    public required int Uses { get; set; }
    public long Version { get; set; }
}
