using FlexEdit.Models.Editing;
using FlexEdit.Training.Editor;
using FlexEdit.Training.World;
using static TorchSharp.torch;

namespace FlexEdit.Training.Understanding;

/// <summary>A batch of questions and answers, all with a subject picture or all without. Bytes and ids, so that any thread can make it.</summary>
public sealed class UnderstandingBatch
{
    private readonly EditSample[] samples;
    private readonly byte[][] pictures;
    private readonly TokenRows rows;
    private readonly long[] canonical, names, nameTokens;
    private readonly int side;

    /// <summary>Makes a batch.</summary>
    public UnderstandingBatch(IReadOnlyList<EditSample> samples, EditPrompt prompt, EditVocabulary vocabulary, long padding)
    {
        this.samples = [.. samples];
        Padding = padding;
        side = (int)Math.Sqrt(samples[0].Mask.Length);
        var withSubject = samples[0].Subject is not null;
        pictures = [.. samples.SelectMany(s => s.Subject is null
            ? (byte[][])[MaskOverlay.Draw(s.Scene, s.Mask)]
            : [MaskOverlay.Draw(s.Scene, s.Mask), s.Subject])];
        PicturesEach = withSubject ? 2 : 1;
        canonical = [.. samples.SelectMany(s => EditorBatch.Ids(s, vocabulary))];
        names = [.. samples.Select(s => EditorBatch.Ids(s, vocabulary)[1])];
        nameTokens = [.. samples.Select(s => s.OldName is null ? padding : prompt.Label(s.OldName)[0])];

        rows = TokenRows.Edits(samples.Select(s => (s.Instruction, (string?)s.Label)), withSubject, prompt, padding);
    }

    /// <summary>The token that means nothing.</summary>
    public long Padding { get; }

    /// <summary>The examples.</summary>
    public IReadOnlyList<EditSample> Samples => samples;

    /// <summary>1, or 2 with subjects.</summary>
    public int PicturesEach { get; }

    /// <summary>Tokens of a padded row.</summary>
    public int Length => rows.Length;

    /// <summary>Where the first image token of each row stands.</summary>
    public long[] ImageStates => rows.ImageStates;

    /// <summary>The tensors, in the current dispose scope.</summary>
    public UnderstandingTensors ToTensors() => new(
        CropTensors.FromRgb(pictures, side),
        rows.Ids,
        rows.Labels,
        rows.Weights,
        tensor(canonical, [samples.Length, EditTeacher.Parts]),
        tensor(names),
        tensor(nameTokens),
        CropTensors.FromGray([.. samples.Select(s => s.FullMask)], side));
}

/// <summary>Tensors of a batch of B questions.</summary>
/// <param name="Pictures">[B or 2·B, 3, R, R] in [-1, 1], pic1 then pic2 of each row.</param>
/// <param name="Ids">int64 [B, length].</param>
/// <param name="Labels">Likewise, ignored outside the answer.</param>
/// <param name="Weights">[B, length].</param>
/// <param name="Canonical">int64 [B, 4]: operation, old name, new name, colour.</param>
/// <param name="Names">int64 [B]: the marked object's name, 0 for none.</param>
/// <param name="NameTokens">int64 [B]: the first token of that name, padding for none.</param>
/// <param name="FullMask">[B, 1, R, R] in [0, 1].</param>
public sealed record UnderstandingTensors(Tensor Pictures, Tensor Ids, Tensor Labels, Tensor Weights, Tensor Canonical, Tensor Names, Tensor NameTokens, Tensor FullMask);
