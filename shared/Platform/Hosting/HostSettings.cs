namespace FlexEdit.Platform.Hosting;

/// <summary>Section <c>Host</c>: the process itself.</summary>
public sealed class HostSettings : ISettings
{
    /// <summary>Name of the section under <c>FlexEdit</c>.</summary>
    public const string Section = "Host";

    /// <summary>Longest time between the signal to stop and the end of the process, 1 s to 1 h. Keep it below the orchestrator's grace period.</summary>
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(25);

    /// <inheritdoc/>
    public IEnumerable<string> Faults()
    {
        if (ShutdownTimeout < TimeSpan.FromSeconds(1) || ShutdownTimeout > TimeSpan.FromHours(1))
            yield return $"FLEXEDIT__Host__ShutdownTimeout is {ShutdownTimeout}; set it between 00:00:01 and 01:00:00.";
    }
}
