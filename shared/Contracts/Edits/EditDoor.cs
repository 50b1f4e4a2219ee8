namespace FlexEdit.Contracts.Edits;

/// <summary>What a compatible door needs to know of an edit that came in through it, to tell of it in its own words later.</summary>
public sealed record EditDoor
{
    /// <summary>The door of Replicate's API.</summary>
    public const string Replicate = "replicate";

    /// <summary>Which door; <see cref="Replicate"/>.</summary>
    public required string Name { get; init; }
    /// <summary>Where the client reached the server, without a slash at the end: the beginning of absolute addresses.</summary>
    public required string Server { get; init; }
    /// <summary>The version of the model, in the door's words; null where it has none.</summary>
    public string? Version { get; init; }
    /// <summary>The URL that is told about the edit; null without one.</summary>
    public string? Webhook { get; init; }
    /// <summary>What the client wants to be told, in the door's words; null: everything.</summary>
    public IReadOnlyList<string>? WebhookEvents { get; init; }
    /// <summary>The client's own deadline for the start, UTC; null without one.</summary>
    public DateTime? Deadline { get; init; }
}
