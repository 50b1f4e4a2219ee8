namespace FlexEdit.Storage.Webhooks.Delivering;

/// <summary>What came of one attempt.</summary>
internal sealed record SendOutcome
{
    /// <summary>HTTP status; null where there was no answer.</summary>
    public int? Status { get; init; }
    /// <summary>From connecting to the end of the answer.</summary>
    public required TimeSpan Latency { get; init; }
    /// <summary>Beginning of the answer's body.</summary>
    public string? Response { get; init; }
    /// <summary>A sentence where there was no answer.</summary>
    public string? Error { get; init; }
    /// <summary>How long the endpoint wants to be left alone.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The endpoint has taken the message.</summary>
    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>The endpoint wants no messages any more.</summary>
    public bool IsGone => Status == 410;
}

/// <summary>A message that is about to be sent.</summary>
/// <param name="DeliveryId">The delivery.</param>
/// <param name="TakenBy">By whom it was taken.</param>
/// <param name="Webhook">The endpoint's id; null for a URL of an edit's own.</param>
/// <param name="Lane">Its lane.</param>
/// <param name="Url">Where to.</param>
/// <param name="MessageId">Header <c>webhook-id</c>.</param>
/// <param name="Body">The body.</param>
/// <param name="Secrets">What it is signed with.</param>
/// <param name="TraceParent">Trace of the request that made the edit; null where there is none.</param>
internal sealed record Outgoing(
    string DeliveryId, string TakenBy, string? Webhook, string Lane, string Url, string MessageId, string Body, IReadOnlyList<string> Secrets, string? TraceParent = null);
