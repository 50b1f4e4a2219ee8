namespace FlexEdit.Storage.Edits;

/// <summary>A client's word that an edit may go on.</summary>
internal sealed record Approval
{
    /// <summary>SHA-256 of the request, lower-case hexadecimal.</summary>
    public required string Digest { get; init; }
    /// <summary>The corrected label; null where the client left it to the model.</summary>
    public string? Label { get; init; }
    /// <summary>When.</summary>
    public required DateTime At { get; init; }
}
