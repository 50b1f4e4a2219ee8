namespace FlexEdit.Contracts.Messages;

/// <summary>Storage → gateway: nothing was made.</summary>
public sealed record EditRefused
{
    /// <summary>HTTP status to answer with.</summary>
    public required int Status { get; init; }
    /// <summary>A code of <see cref="Errors.ErrorCodes"/>.</summary>
    public required string Code { get; init; }
    /// <summary>One sentence for a person.</summary>
    public required string Detail { get; init; }
    /// <summary>The field at fault, if one is.</summary>
    public string? Param { get; init; }
    /// <summary>When to come back; null where that says nothing.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
