namespace FlexEdit.Storage.Attempts;

/// <summary>How an attempt ended, as the public API names it.</summary>
public static class AttemptOutcome
{
    /// <summary>With a result.</summary>
    public const string Ok = "ok";
    /// <summary>With an error.</summary>
    public const string Failed = "failed";
    /// <summary>Its lease ran out.</summary>
    public const string Lost = "lost";
    /// <summary>It ran too long.</summary>
    public const string DeadlineExceeded = "deadline_exceeded";
    /// <summary>The worker let go because the client canceled.</summary>
    public const string Canceled = "canceled";
    /// <summary>The worker gave it back because it shut down; does not count.</summary>
    public const string Released = "released";
}
