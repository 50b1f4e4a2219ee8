using FlexEdit.Platform.Engines;
using FlexEdit.Platform.Hosting;

namespace FlexEdit.Generation.Hosting;

/// <summary>Section <c>Generation</c>: how much this worker takes on and what it shows meanwhile.</summary>
public sealed class GenerationOptions : ISettings
{
    /// <summary>Name of the section under <c>FlexEdit</c>.</summary>
    public const string Section = "Generation";

    /// <summary>Pictures in flight at once, and edits fetched or stored at once.</summary>
    public int Slots { get; set; } = 4;

    /// <summary>A preview after every so many steps; 0 for none.</summary>
    public int PreviewEvery { get; set; } = 2;

    /// <summary>Longer side of a preview, pixels.</summary>
    public int PreviewSide { get; set; } = 512;

    /// <summary>Whether results say in their metadata (XMP) that a model painted in them.</summary>
    public bool Provenance { get; set; } = true;

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
            yield return $"FLEXEDIT__Generation__Slots is {Slots}; set it between 1 and 256.";
        if (PreviewEvery is < 0 or > 1000)
            yield return $"FLEXEDIT__Generation__PreviewEvery is {PreviewEvery}; set it between 0 and 1000.";
        if (PreviewSide is < 64 or > 2048)
            yield return $"FLEXEDIT__Generation__PreviewSide is {PreviewSide}; set it between 64 and 2048.";
    }
}
