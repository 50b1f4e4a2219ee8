namespace FlexEdit.Storage.Ledger;

/// <summary>A message that was committed together with the change that causes it, and has not been sent yet.</summary>
public sealed class OutboxRow
{
    public long Id { get; init; }
    public required string EditId { get; init; }
    /// <summary>Name of the message's type.</summary>
    public required string Kind { get; init; }
    /// <summary>The message as JSON.</summary>
    public required string Body { get; init; }
    /// <summary>W3C trace context of the request that all this began with.</summary>
    public string? TraceParent { get; init; }
    /// <summary>Not to be sent before; a dispatcher that takes the row moves it ahead, so that another takes over if the first one dies.</summary>
    public required long SendAfter { get; set; }
    /// <summary>The dispatcher that took the row.</summary>
    public string? TakenBy { get; set; }
    /// <summary>How often the row was taken.</summary>
    public int Takes { get; set; }
}
