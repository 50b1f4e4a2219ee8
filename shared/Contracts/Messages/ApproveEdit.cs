using FlexEdit.Contracts.Edits;

namespace FlexEdit.Contracts.Messages;

/// <summary>
/// Gateway → storage, request and response: an edit that waits for its client goes on, perhaps corrected. Answered after the commit with
/// <see cref="EditApproved"/> or <see cref="EditRefused"/>.
/// </summary>
public sealed record ApproveEdit
{
    /// <summary>The edit.</summary>
    public required string EditId { get; init; }
    /// <summary>Who asks.</summary>
    public required string Tenant { get; init; }
    /// <summary>What the mask means instead of what the model thinks; null to leave that to it.</summary>
    public string? Label { get; init; }
    /// <summary>Another τ, 1 to 2000 code points; null to keep it.</summary>
    public string? Instruction { get; init; }
    /// <summary>Another mask at the upright scene's size; null to keep it.</summary>
    public InputPicture? Mask { get; init; }
    /// <summary>SHA-256 of the request, lower-case hexadecimal: the same approval again changes nothing.</summary>
    public required string RequestDigest { get; init; }
    /// <summary>The client's <c>Idempotency-Key</c>; null without one.</summary>
    public string? IdempotencyKey { get; init; }
    /// <summary>SHA-256 of the request and of what it is sent to, lower-case hexadecimal: what the key stands for; null without a key.</summary>
    public string? KeyDigest { get; init; }
}

/// <summary>Storage → gateway: the edit goes on.</summary>
public sealed record EditApproved
{
    /// <summary>The edit.</summary>
    public required string EditId { get; init; }
    /// <summary>Whether an earlier request with the same key approved it.</summary>
    public bool Replayed { get; init; }
}
