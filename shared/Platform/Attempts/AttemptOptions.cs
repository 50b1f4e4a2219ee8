using FlexEdit.Platform.Hosting;

namespace FlexEdit.Platform.Attempts;

/// <summary>Section <c>Workers</c>: how workers deal with the ledger.</summary>
public sealed class AttemptOptions : ISettings
{
    /// <summary>Name of the section under <c>FlexEdit</c>.</summary>
    public const string Section = "Workers";

    /// <summary>Name of this worker in the job's attempts. Default: the machine's name and the process id.</summary>
    public string Name { get; set; } = $"{Environment.MachineName}-{Environment.ProcessId}";

    /// <summary>How long a claim is tried while the ledger does not answer. After that the message is dropped; the sweeper will send another.</summary>
    public TimeSpan ClaimPatience { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long running attempts may go on when the process is told to end, 0 s to 1 h; after that they are given back. 0: given back at once, and begun again
    /// by another worker. Keep it below <c>FLEXEDIT__Host__ShutdownTimeout</c>.
    /// </summary>
    public TimeSpan DrainFor { get; set; } = TimeSpan.Zero;

    /// <inheritdoc/>
    public IEnumerable<string> Faults()
    {
        if (DrainFor < TimeSpan.Zero || DrainFor > TimeSpan.FromHours(1))
            yield return $"FLEXEDIT__Workers__DrainFor is {DrainFor}; set it between 00:00:00 and 01:00:00.";
        if (Name.Length is 0 or > 100)
            yield return $"FLEXEDIT__Workers__Name has {Name.Length} characters; set 1 to 100.";
        if (ClaimPatience < TimeSpan.FromMilliseconds(10) || ClaimPatience > TimeSpan.FromMinutes(10))
            yield return $"FLEXEDIT__Workers__ClaimPatience is {ClaimPatience}; set it between 00:00:00.010 and 00:10:00.";
    }
}
