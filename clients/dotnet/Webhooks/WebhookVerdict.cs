namespace FlexEdit.Client.Webhooks;

/// <summary>What a <see cref="WebhookVerifier"/> found.</summary>
public enum WebhookVerdict
{
    /// <summary>The message is genuine and fresh.</summary>
    Good,

    /// <summary>One of the three headers is missing or empty.</summary>
    HeadersMissing,

    /// <summary>The timestamp is no whole number of seconds.</summary>
    TimestampMalformed,

    /// <summary>The message was signed too long ago: it may be a recording.</summary>
    TooOld,

    /// <summary>The message was signed later than now: one of the clocks is wrong.</summary>
    FromTheFuture,

    /// <summary>No signature fits any secret: the body was changed, or somebody else sent it.</summary>
    SignatureWrong,
}
