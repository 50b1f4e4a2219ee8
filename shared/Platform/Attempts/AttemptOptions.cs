using System.ComponentModel.DataAnnotations;

namespace FlexEdit.Platform.Attempts;

/// <summary>How workers deal with the ledger; section <c>FlexEdit:Workers</c>.</summary>
public sealed class AttemptOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "FlexEdit:Workers";

    /// <summary>Name of this worker in the job's attempts. Default: the machine's name and the process id.</summary>
    [StringLength(100, MinimumLength = 1)]
    public string Name { get; set; } = $"{Environment.MachineName}-{Environment.ProcessId}";

    /// <summary>How long a claim is tried while the ledger does not answer. After that the message is dropped; the sweeper will send another.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan ClaimPatience { get; set; } = TimeSpan.FromSeconds(10);
}
