using FlexEdit.Evaluation.Metrics;
using FlexEdit.Imaging.Pixels;
using FlexEdit.Models.Checkpoints;
using static TorchSharp.torch;

namespace FlexEdit.Evaluation.Judges;

/// <summary><c>judge-dino</c>, ready to measure. It is none of the published DINO networks.</summary>
public sealed class JudgeDino : IPictureEmbedder
{
    private readonly JudgeDinoNetwork _network = new();

    /// <inheritdoc/>
    public string Name => "judge-dino";

    /// <summary>Loads <c>weights.safetensors</c> of a folder.</summary>
    /// <exception cref="CheckpointException">The file does not fit.</exception>
    public static JudgeDino Open(string folder)
    {
        var judge = new JudgeDino();
        using var file = SafetensorsFile.Open(Path.Combine(folder, "weights.safetensors"));
        StateDict.Load(judge._network, file);
        judge._network.eval();
        return judge;
    }

    /// <inheritdoc/>
    public float[] Embed(RgbImage picture)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return JudgePictures.Unit(_network.Embed(JudgePictures.Square(picture)));
    }

    /// <inheritdoc/>
    public void Dispose() => _network.Dispose();
}
