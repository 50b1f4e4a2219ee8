using FlexEdit.Evaluation.Metrics;
using FlexEdit.Imaging.Pixels;
using FlexEdit.Models.Checkpoints;
using static TorchSharp.torch;

namespace FlexEdit.Evaluation.Judges;

/// <summary><c>judge-clip</c>, ready to measure: CLIP-T and CLIP-I of the synthetic world. It is none of the published CLIP networks.</summary>
public sealed class JudgeClip : ITextEmbedder
{
    private readonly JudgeClipNetwork _network;
    private readonly JudgeWords _words;

    private JudgeClip(JudgeClipNetwork network, JudgeWords words) => (_network, _words) = (network, words);

    /// <inheritdoc/>
    public string Name => "judge-clip";

    /// <summary>Its convolutional network, for <see cref="JudgeMeter"/>.</summary>
    public JudgeTrunk Trunk => _network.Trunk;

    /// <summary>Loads <c>weights.safetensors</c> and <c>words.json</c> of a folder.</summary>
    /// <exception cref="CheckpointException">A file does not fit.</exception>
    public static JudgeClip Open(string folder)
    {
        var words = JudgeWords.Read(Path.Combine(folder, "words.json"));
        var network = new JudgeClipNetwork(words.Words.Count);
        using var file = SafetensorsFile.Open(Path.Combine(folder, "weights.safetensors"));
        StateDict.Load(network, file);
        network.eval();
        return new JudgeClip(network, words);
    }

    /// <inheritdoc/>
    public float[] Embed(RgbImage picture)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return JudgePictures.Unit(_network.EmbedPictures(JudgePictures.Square(picture)));
    }

    /// <inheritdoc/>
    public float[]? EmbedText(string text)
    {
        if (_words.Encode(text) is not { } ids)
            return null;
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return JudgePictures.Unit(_network.EmbedTexts(tensor(ids).unsqueeze(0)));
    }

    /// <inheritdoc/>
    public void Dispose() => _network.Dispose();
}
