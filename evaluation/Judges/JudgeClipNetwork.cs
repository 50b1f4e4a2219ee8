using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlexEdit.Evaluation.Judges;

/// <summary>
/// The networks of <c>judge-clip</c>: pictures and texts of the synthetic world in one space, trained by contrast (Radford et al. 2021). A text is the
/// sum of its words, for the world's texts are "colour name".
/// </summary>
public sealed class JudgeClipNetwork : nn.Module
{
    private const int WordWidth = 64;
    private const int Joint = 96;
    private readonly JudgeTrunk trunk;
    private readonly Linear picture_projection;
    private readonly Embedding words;
    private readonly Linear text1;
    private readonly Linear text2;
    private readonly Parameter logit_scale;

    /// <summary>Builds the networks; their weights are random until they are loaded.</summary>
    /// <param name="vocabulary">Number of words; row 0 of the table is for no word.</param>
    public JudgeClipNetwork(int vocabulary)
        : base(nameof(JudgeClipNetwork))
    {
        trunk = new JudgeTrunk();
        picture_projection = nn.Linear(JudgeTrunk.Width, Joint, hasBias: false);
        words = nn.Embedding(vocabulary + 1, WordWidth);
        text1 = nn.Linear(WordWidth, Joint);
        text2 = nn.Linear(Joint, Joint, hasBias: false);
        // The published start, 1 / 0.07.
        logit_scale = nn.Parameter(full([], 2.6592f));
        RegisterComponents();
    }

    /// <summary>The convolutional network.</summary>
    public JudgeTrunk Trunk => trunk;

    /// <summary>Pictures, [batch, 3, 64, 64] in [-1, 1], as unit vectors: [batch, 96], fp32.</summary>
    public Tensor EmbedPictures(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        return Unit(picture_projection.call(trunk.Pool(pixels))).MoveToOuterDisposeScope();
    }

    /// <summary>Texts, [batch, length] word numbers with 0 for none, as unit vectors: [batch, 96], fp32.</summary>
    public Tensor EmbedTexts(Tensor ids)
    {
        using var scope = NewDisposeScope();
        var present = ids.ne(0).to(words.weight!.dtype).unsqueeze(-1);
        var sum = (words.call(ids) * present).sum(1);
        return Unit(text2.call(nn.functional.gelu(text1.call(sum)))).MoveToOuterDisposeScope();
    }

    /// <summary>Scaled cosines, [pictures, texts]; the scale is at most 100.</summary>
    public Tensor Compare(Tensor pictures, Tensor texts)
    {
        using var scope = NewDisposeScope();
        return (pictures.matmul(texts.t()) * logit_scale.to(ScalarType.Float32).exp().clamp_max(100f)).MoveToOuterDisposeScope();
    }

    private static Tensor Unit(Tensor x)
    {
        var wide = x.to(ScalarType.Float32);
        return wide / wide.norm(-1, keepdim: true, p: 2).clamp_min(1e-6f);
    }
}
