using FlexEdit.Contracts.Edits;

namespace FlexEdit.Contracts.Messages;

/// <summary>Gateway → storage, request and response: make this edit durable. Answered after the commit with <see cref="EditSubmitted"/> or <see cref="EditRefused"/>.</summary>
public sealed record SubmitEdit
{
    /// <summary><c>edt_…</c>, drawn by the gateway, so that a repeated request makes one edit.</summary>
    public required string EditId { get; init; }
    /// <summary>Who asks.</summary>
    public required string Tenant { get; init; }
    /// <summary>Model id.</summary>
    public required string Model { get; init; }
    /// <summary>τ, 1 to 2000 code points.</summary>
    public required string Instruction { get; init; }
    /// <summary>All options, defaults filled in.</summary>
    public required EditOptions Options { get; init; }
    /// <summary>The checked pictures.</summary>
    public required EditInputs Inputs { get; init; }
    /// <summary>Up to 16 string pairs, returned as given.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();
    /// <summary>Longest wait for a start; null for the server's queue deadline.</summary>
    public TimeSpan? CancelAfter { get; init; }
    /// <summary>The client's <c>Idempotency-Key</c>; null without one.</summary>
    public string? IdempotencyKey { get; init; }
    /// <summary>SHA-256 of the whole request, lower-case hexadecimal; wherever there is a key.</summary>
    public string? RequestDigest { get; init; }
    /// <summary>A URL that is told about this edit; null without one.</summary>
    public string? Webhook { get; init; }
    /// <summary>The batch whose line this is; null for a single edit. Of a line one edit is made, however often it is submitted.</summary>
    public string? BatchId { get; init; }
    /// <summary>Number of the line, from 1; with <see cref="BatchId"/>.</summary>
    public int BatchLine { get; init; }
    /// <summary>What the URL is told; null: everything.</summary>
    public IReadOnlyList<string>? WebhookEvents { get; init; }
    /// <summary>The edit that is run again; null for a new one. Corrections of its approval go with it.</summary>
    public string? ReplayOf { get; init; }
    /// <summary>The compatible door that it came in through; null for the API's own.</summary>
    public EditDoor? Door { get; init; }
    /// <summary>SHA-256 of the whole request, lower-case hexadecimal, where its client counts how often it sends it, and has no key; else null.</summary>
    public string? CountedDigest { get; init; }
    /// <summary>Whether the client says that it sends the request again; with <see cref="CountedDigest"/>.</summary>
    public bool Repeated { get; init; }
}
