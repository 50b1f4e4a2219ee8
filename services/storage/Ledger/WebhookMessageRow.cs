namespace FlexEdit.Storage.Ledger;

/// <summary>What is told to all endpoints that want to know of one event: the same id and the same bytes in every attempt.</summary>
public sealed class WebhookMessageRow
{
    /// <summary><c>msg_…</c>; the header <c>webhook-id</c>.</summary>
    public required string Id { get; init; }
    public required string Tenant { get; init; }
    /// <summary>What it is about: an edit's or an endpoint's id.</summary>
    public required string Subject { get; init; }
    /// <summary>Name of the event.</summary>
    public required string Event { get; init; }
    /// <summary>The body as JSON.</summary>
    public required string Body { get; init; }
    public required long CreatedAt { get; init; }
}
