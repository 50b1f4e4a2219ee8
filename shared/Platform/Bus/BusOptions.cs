using FlexEdit.Platform.Hosting;

namespace FlexEdit.Platform.Bus;

/// <summary>Section <c>Bus</c>: how messages travel.</summary>
public sealed class BusOptions : ISettings
{
    /// <summary>Name of the section under <c>FlexEdit</c>.</summary>
    public const string Section = "Bus";

    /// <summary>The transport inside one process.</summary>
    public const string InMemory = "inmemory";

    /// <summary><c>inmemory</c>: every service in one process. Transports between processes are added beside it.</summary>
    public string Transport { get; set; } = InMemory;

    /// <inheritdoc/>
    public IEnumerable<string> Faults()
    {
        if (Transport != InMemory)
            yield return $"FLEXEDIT__Bus__Transport is '{Transport}', which this build does not have; set it to '{InMemory}' and run the standalone server.";
    }
}
