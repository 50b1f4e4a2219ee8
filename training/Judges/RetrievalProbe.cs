using FlexEdit.Evaluation.Judges;
using FlexEdit.Masks;
using FlexEdit.Training.World;
using static TorchSharp.torch;

namespace FlexEdit.Training.Judges;

/// <summary>Says while <c>judge-dino</c> is trained whether a picture of an object finds another one of it, on another held-out photograph, among all objects.</summary>
internal sealed class RetrievalProbe
{
    private const ulong Seed = 4712;
    private readonly byte[][] asked, gallery;

    /// <summary>Renders every object twice.</summary>
    public RetrievalProbe(WorldCatalog catalog)
    {
        var views = new JudgeViews(catalog, JudgeTrunk.Side, Seed, heldOut: true);
        byte[][] Pictures(int from) => [.. catalog.Objects.Select((thing, i) => views.Render(thing, null, new SeededRandom(Seed, (ulong)(from + i))).Rgb)];
        (asked, gallery) = (Pictures(0), Pictures(20_000));
    }

    /// <summary>Share of the objects that are found.</summary>
    public double Measure(JudgeDinoNetwork network)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var (from, to) = (Embed(network, asked), Embed(network, gallery));
        return from.matmul(to.t()).argmax(1).eq(arange(asked.Length)).to(float32).mean().item<float>();
    }

    private static Tensor Embed(JudgeDinoNetwork network, byte[][] pictures) =>
        cat([.. pictures.Chunk(128).Select(c => DinoHead.Unit(network.Embed(JudgePixels.Of(c, JudgeTrunk.Side))))]);
}
