using FlexEdit.Imaging.Pixels;
using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Clip;
using FlexEdit.Models.Images;
using FlexEdit.Models.Layers;
using FlexEdit.Models.Tokenizers.Clip;
using FlexEdit.Evaluation.Judges;
using static TorchSharp.torch;

namespace FlexEdit.Evaluation.Metrics;

/// <summary>A published CLIP with its own processor: shorter side to 224, the middle 224x224, its own mean and deviation.</summary>
public sealed class PublishedClip : ITextEmbedder
{
    private readonly ClipModel _network;
    private readonly ClipTokenizer _tokenizer;
    private readonly ClipImageProcessor _processor;

    private PublishedClip(string name, ClipModel network, ClipTokenizer tokenizer, ClipImageProcessor processor) =>
        (Name, _network, _tokenizer, _processor) = (name, network, tokenizer, processor);

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Loads a folder in the published layout.</summary>
    /// <exception cref="CheckpointException">A file does not fit.</exception>
    public static PublishedClip Open(string folder)
    {
        var network = new ClipModel(PublishedConfig.Parse<ClipConfig>(File.ReadAllText(Path.Combine(folder, "config.json"))));
        using var weights = Checkpoint.Open(Path.Combine(folder, "model.safetensors"));
        StateDict.Load(network, weights, rename: ClipNames.InNetwork);
        network.eval();
        return new PublishedClip(NameOf(folder), network, ClipTokenizer.Open(folder), Processor(folder));
    }

    /// <inheritdoc/>
    public float[] Embed(RgbImage picture)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return JudgePictures.Unit(_network.EmbedImages(_processor.Process(new RgbPicture(picture.Pixels, picture.Width, picture.Height))));
    }

    /// <inheritdoc/>
    public float[]? EmbedText(string text)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return JudgePictures.Unit(_network.EmbedTexts(tensor(_tokenizer.EncodePadded(text)).unsqueeze(0)));
    }

    /// <inheritdoc/>
    public void Dispose() => _network.Dispose();

    internal static ClipImageProcessor Processor(string folder) =>
        new(PublishedConfig.Parse<ClipImageProcessorConfig>(File.ReadAllText(Path.Combine(folder, "preprocessor_config.json"))));

    internal static string NameOf(string folder) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
}
