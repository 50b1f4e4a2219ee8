using FlexEdit.Models.Editing;
using FlexEdit.Models.Methods.Reading;
using static TorchSharp.torch;

namespace FlexEdit.Models.Methods.StableDiffusion;

/// <summary>
/// The reading half of methods that know only the instruction (InstructPix2Pix, MagicBrush): CLIP's text embedding is the edit embedding. It looks at no picture, so it
/// names the instruction itself as its only label, with probability 1, and has no full mask.
/// </summary>
/// <param name="texts">Belongs to this model from now on.</param>
/// <param name="resolution">Side R of the square crop in pixels.</param>
public sealed class ClipTextUnderstanding(ClipTexts texts, int resolution) : IUnderstandingModel
{
    /// <inheritdoc/>
    public int Resolution => resolution;

    /// <inheritdoc/>
    public Understanding Understand(UnderstandingRequest request)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var embedding = texts.Embed(request.Instruction).to(ScalarType.Float32).cpu();
        return new Understanding
        {
            Answer = request.Instruction,
            Candidates = [(request.Label is { Length: > 0 } label ? label : request.Instruction, 1)],
            Embedding = embedding.reshape(-1).data<float>().ToArray(),
            EmbeddingShape = ((int)embedding.shape[1], (int)embedding.shape[2]),
        };
    }

    /// <inheritdoc/>
    public void Dispose() => texts.Dispose();
}
