namespace FlexEdit.Contracts.Edits;

/// <summary>The states of an edit as the public API names them. The list is open: readers must tolerate new ones.</summary>
public static class EditStatus
{
    /// <summary>Accepted and durable; nobody works on it.</summary>
    public const string Queued = "queued";
    /// <summary>A worker holds an attempt, or the edit waits between two stages.</summary>
    public const string Processing = "processing";
    /// <summary>Stopped after understanding at the client's wish.</summary>
    public const string AwaitingApproval = "awaiting_approval";
    /// <summary>Cancel was asked for and a worker has not let go yet.</summary>
    public const string Canceling = "canceling";
    /// <summary>Finished with results. Terminal.</summary>
    public const string Succeeded = "succeeded";
    /// <summary>Finished without results; the error says why. Terminal.</summary>
    public const string Failed = "failed";
    /// <summary>Stopped by the client. Terminal.</summary>
    public const string Canceled = "canceled";
    /// <summary>Not begun before its deadline. Terminal.</summary>
    public const string Expired = "expired";

    /// <summary>Whether <paramref name="status"/> never changes again.</summary>
    public static bool IsTerminal(string status) => status is Succeeded or Failed or Canceled or Expired;
}
