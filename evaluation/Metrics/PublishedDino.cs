using FlexEdit.Evaluation.Judges;
using FlexEdit.Imaging.Pixels;
using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Dino;
using FlexEdit.Models.Images;
using FlexEdit.Models.Layers;
using static TorchSharp.torch;

namespace FlexEdit.Evaluation.Metrics;

/// <summary>A published DINOv2 with its own processor; the vector is the normed class token.</summary>
public sealed class PublishedDino : IPictureEmbedder
{
    private readonly DinoV2Model _network;
    private readonly ClipImageProcessor _processor;

    private PublishedDino(string name, DinoV2Model network, ClipImageProcessor processor) => (Name, _network, _processor) = (name, network, processor);

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Loads a folder in the published layout.</summary>
    /// <exception cref="CheckpointException">A file does not fit.</exception>
    public static PublishedDino Open(string folder)
    {
        var network = new DinoV2Model(PublishedConfig.Parse<DinoV2Config>(File.ReadAllText(Path.Combine(folder, "config.json"))));
        using var weights = Checkpoint.Open(Path.Combine(folder, "model.safetensors"));
        StateDict.Load(network, weights);
        network.eval();
        return new PublishedDino(PublishedClip.NameOf(folder), network, PublishedClip.Processor(folder));
    }

    /// <inheritdoc/>
    public float[] Embed(RgbImage picture)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return JudgePictures.Unit(_network.Pooled(_processor.Process(new RgbPicture(picture.Pixels, picture.Width, picture.Height))));
    }

    /// <inheritdoc/>
    public void Dispose() => _network.Dispose();
}
