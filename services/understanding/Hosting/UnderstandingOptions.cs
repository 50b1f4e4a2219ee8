using FlexEdit.Platform.Engines;
using FlexEdit.Platform.Hosting;

namespace FlexEdit.Understanding.Hosting;

/// <summary>Section <c>Understanding</c>: how much this worker takes on.</summary>
public sealed class UnderstandingOptions : ISettings
{
    /// <summary>Name of the section under <c>FlexEdit</c>.</summary>
    public const string Section = "Understanding";

    /// <summary>Edits worked on at once: one is read by the model while the others are fetched and stored.</summary>
    public int Slots { get; set; } = 2;

    /// <summary>Results remembered by the content of what was read; 0 for none.</summary>
    public int MemoryEntries { get; set; } = 256;

    /// <summary><c>model</c>; for tests <c>simulated</c>, which is refused together with a real model's name.</summary>
    public string Engine { get; set; } = SimulationOptions.Model;

    /// <summary>How the simulated engine behaves.</summary>
    public SimulationOptions Simulation { get; set; } = new();

    /// <inheritdoc/>
    public IEnumerable<string> Faults()
    {
        foreach (var fault in Simulation.Faults(Section, Engine))
            yield return fault;
        if (Slots is < 1 or > 256)
            yield return $"FLEXEDIT__Understanding__Slots is {Slots}; set it between 1 and 256.";
        if (MemoryEntries is < 0 or > 1_000_000)
            yield return $"FLEXEDIT__Understanding__MemoryEntries is {MemoryEntries}; set it between 0 and 1000000.";
    }
}
