using FlexEdit.Models.Clip;
using FlexEdit.Models.Editing;
using FlexEdit.Models.Tokenizers.Clip;
using static TorchSharp.torch;

namespace FlexEdit.Models.Methods.StableDiffusion;

/// <summary>
/// The reading half of methods that know only the instruction (InstructPix2Pix, MagicBrush): CLIP's text embedding is the edit embedding. It looks at no picture, so it
/// names the instruction itself as its only label, with probability 1, and has no full mask.
/// </summary>
/// <param name="network">Loaded; belongs to this model from now on.</param>
/// <param name="tokenizer">Of the same vocabulary.</param>
/// <param name="resolution">Side R of the square crop in pixels.</param>
public sealed class ClipTextUnderstanding(ClipTextModel network, ClipTokenizer tokenizer, int resolution) : IUnderstandingModel
{
    /// <inheritdoc/>
    public int Resolution => resolution;

    /// <inheritdoc/>
    public Understanding Understand(UnderstandingRequest request)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var embedding = Embed(network, tokenizer, request.Instruction).to(ScalarType.Float32).cpu();
        return new Understanding
        {
            Answer = request.Instruction,
            Candidates = [(request.Label is { Length: > 0 } label ? label : request.Instruction, 1)],
            Embedding = embedding.reshape(-1).data<float>().ToArray(),
            EmbeddingShape = ((int)embedding.shape[1], (int)embedding.shape[2]),
        };
    }

    /// <summary>The last layer's normalised states of a text: [1, T, W], where T is what the network has positions for.</summary>
    public static Tensor Embed(ClipTextModel network, ClipTokenizer tokenizer, string text)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var ids = tokenizer.EncodePadded(text, Math.Min(tokenizer.MaximumLength, network.Config.MaxPositionEmbeddings));
        return network.Forward(tensor(ids, [1, ids.Length], device: network.parameters().First().device)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => network.Dispose();
}
