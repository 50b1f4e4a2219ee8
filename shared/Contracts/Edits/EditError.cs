namespace FlexEdit.Contracts.Edits;

/// <summary>Why an edit failed.</summary>
public sealed record EditError
{
    /// <summary>A stable code of <see cref="Errors.ErrorCodes"/>.</summary>
    public required string Code { get; init; }
    /// <summary>One sentence for a person; no stack trace, no path.</summary>
    public required string Detail { get; init; }
    /// <summary>Whether the same request may succeed later.</summary>
    public required bool Retryable { get; init; }
}
