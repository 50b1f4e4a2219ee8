using FlexEdit.Evaluation.Judges;
using FlexEdit.Imaging.Pixels;
using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Lpips;
using static TorchSharp.torch;

namespace FlexEdit.Evaluation.Metrics;

/// <summary>The published LPIPS 0.1.</summary>
public sealed class PublishedLpips : IPerceptualMeter
{
    private readonly PerceptualDistance _network;

    private PublishedLpips(string name, PerceptualDistance network) => (Name, _network) = (name, network);

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Loads the first of <c>alex.safetensors</c> and <c>vgg.safetensors</c>, under any of the published names.</summary>
    /// <exception cref="CheckpointException">Neither is there, or it does not fit.</exception>
    public static PublishedLpips Open(string folder)
    {
        foreach (var (file, net) in new[] { ("alex.safetensors", LpipsNet.Alex), ("vgg.safetensors", LpipsNet.Vgg) })
        {
            var path = Path.Combine(folder, file);
            if (!File.Exists(path))
                continue;
            var network = new PerceptualDistance(net);
            using var weights = Checkpoint.Open(path);
            StateDict.Load(network, weights, rename: network.NameInNetwork);
            network.eval();
            return new PublishedLpips($"lpips-{Path.GetFileNameWithoutExtension(file)}", network);
        }
        throw new CheckpointException($"{folder} has neither alex.safetensors nor vgg.safetensors.");
    }

    /// <inheritdoc/>
    public double Distance(RgbImage first, RgbImage second)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return _network.Forward(JudgePictures.ToTensor(first), JudgePictures.ToTensor(second)).item<float>();
    }

    /// <inheritdoc/>
    public void Dispose() => _network.Dispose();
}
