namespace FlexEdit.Platform.Attempts;

/// <summary>Why an attempt has to stop before its work is done.</summary>
public enum AttemptStop
{
    /// <summary>The client asked to cancel: the ledger gets a receipt.</summary>
    Canceled,

    /// <summary>The ledger says that the attempt no longer counts: the work is dropped.</summary>
    Superseded,

    /// <summary>The lease ran out without an answer from the ledger: somebody else may work on the edit now; the work is dropped.</summary>
    LeaseLost,

    /// <summary>The stage ran longer than it may: the edit fails.</summary>
    DeadlineExceeded,

    /// <summary>The process shuts down: the attempt is given back uncounted.</summary>
    ShuttingDown,
}
