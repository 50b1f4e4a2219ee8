using FlexEdit.Models.Editing;
using FlexEdit.Platform.Engines;

namespace FlexEdit.Understanding.Engine;

/// <summary>Understands nothing, in the time and with the failures that a test wants: the label is always the same, the full mask is the mask.</summary>
internal sealed class SimulatedUnderstanding(int resolution, Simulation simulation) : IUnderstandingModel
{
    private const string Label = "simulated thing";

    public int Resolution => resolution;

    public Models.Editing.Understanding Understand(UnderstandingRequest request)
    {
        simulation.Call(1, Simulation.Asked(request.Instruction, generation: false));
        return new Models.Editing.Understanding
        {
            Answer = $"The masks mean \"{Label}\".",
            Candidates = [(Label, 1)],
            FullMask = request.Mask,
            // What the instruction asks of generation travels in the only thing that does.
            Embedding = [(float)Simulation.Asked(request.Instruction, generation: true)],
            EmbeddingShape = (1, 1),
        };
    }

    public void Dispose()
    {
    }
}
