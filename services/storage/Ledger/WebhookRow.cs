namespace FlexEdit.Storage.Ledger;

/// <summary>An endpoint of a tenant that is told about its edits.</summary>
public sealed class WebhookRow
{
    /// <summary><c>whe_…</c>.</summary>
    public required string Id { get; init; }
    public required string Tenant { get; init; }
    public required string Url { get; set; }
    /// <summary>Names of the events that it wants, separated by spaces; <c>*</c> for all.</summary>
    public required string Events { get; set; }
    public bool Enabled { get; set; }
    /// <summary>Why the server disabled it; null where its owner did, or nobody.</summary>
    public string? DisabledReason { get; set; }
    /// <summary>First failure since the last success.</summary>
    public long? FailingSince { get; set; }
    /// <summary>When its owner was told that it fails; null while it does not, or not long enough.</summary>
    public long? WarnedAt { get; set; }
    public required long CreatedAt { get; init; }
    /// <summary>Grows with every write.</summary>
    public long Version { get; set; }
}

/// <summary>A secret that messages to one endpoint are signed with. It has to be kept readable: HMAC needs it.</summary>
public sealed class WebhookSecretRow
{
    public required string Tenant { get; init; }
    /// <summary>Id of the endpoint, or <see cref="Default"/>: for the URLs that edits name themselves.</summary>
    public required string Owner { get; init; }
    /// <summary>Grows with every rotation.</summary>
    public required int Number { get; init; }
    /// <summary><c>whsec_…</c>.</summary>
    public required string Secret { get; init; }
    public required long CreatedAt { get; init; }
    /// <summary>Signed with until then; null for the newest one.</summary>
    public long? ExpiresAt { get; set; }

    /// <summary>The owner of the secret for URLs that edits name themselves.</summary>
    public const string Default = "default";
}
