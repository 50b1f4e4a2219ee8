using FlexEdit.Masks;
using FlexEdit.Models.Editing;
using FlexEdit.Training.Data;
using FlexEdit.Training.Editor;
using FlexEdit.Training.Understanding;
using static TorchSharp.torch;

namespace FlexEdit.Training.Joint;

/// <summary>A batch of a mix, sorted into what can be computed together: edits of one picture, edits with a subject, and questions.</summary>
internal sealed class JointBatch
{
    /// <summary>Makes the batch of a number: examples number·size … of the mix.</summary>
    public JointBatch(DataMix mix, long number, int size, EditPrompt prompt, long padding)
    {
        var chance = new SeededRandom(77, (ulong)number);
        Groups = [.. Enumerable.Range(0, size).Select(i => mix.Make((number * size) + i))
            .GroupBy(e => (Edit: e.Answer is null, Subject: e.Subject is not null)).OrderBy(g => g.Key)
            .Select(g => new JointGroup([.. g], g.Key.Edit, g.Key.Subject, prompt, padding, chance))];
        Size = size;
    }

    /// <summary>Number of examples.</summary>
    public int Size { get; }

    /// <summary>Its parts.</summary>
    public IReadOnlyList<JointGroup> Groups { get; }
}

/// <summary>Examples of one kind. Bytes and ids, so that any thread can make it.</summary>
internal sealed class JointGroup
{
    private const double Opaque = 0.3, WithoutCollage = 0.12;
    private readonly byte[][] collages;
    private readonly MarkBox[] boxes;
    private readonly bool[] hasCollage;
    private readonly int side;

    public JointGroup(LearningExample[] examples, bool edit, bool subject, EditPrompt prompt, long padding, SeededRandom chance)
    {
        (Examples, IsEdit, HasSubject) = (examples, edit, subject);
        side = (int)Math.Sqrt(examples[0].Mask.Length);
        Rows = edit
            ? TokenRows.Edits(examples.Select(e => (e.Instruction, e.Label)), subject, prompt, padding)
            : TokenRows.Talk(examples.Select(e => (e.Instruction, e.Answer!)), prompt, padding);
        boxes = [.. examples.Select(e => EditorBatch.PlaceOf(e.Mask, e.FullMask, side, chance))];
        hasCollage = [.. examples.Select(_ => subject && !chance.Chance(WithoutCollage))];
        collages = [.. examples.Select((e, i) => hasCollage[i]
            ? Collage.Paste(e.Scene, e.Subject, chance.Chance(Opaque) || e.SubjectAlpha is null ? [] : e.SubjectAlpha, boxes[i], side) : e.Scene)];
    }

    public IReadOnlyList<LearningExample> Examples { get; }

    /// <summary>Whether a picture is to be made; else a question is to be answered.</summary>
    public bool IsEdit { get; }

    public bool HasSubject { get; }

    public TokenRows Rows { get; }

    /// <summary>What the language model looks at: pic1 with its mask drawn on it (a question has none), then pic2. [B or 2·B, 3, R, R].</summary>
    public Tensor Pictures() => CropTensors.FromRgb(
        [.. Examples.SelectMany(e => new[] { IsEdit ? MaskOverlay.Draw(e.Scene, e.Mask) : e.Scene, e.Subject }.OfType<byte[]>())], side);

    /// <summary>The marked objects' whole masks, [B, 1, R, R], and which rows know one, [B].</summary>
    public (Tensor Masks, Tensor Known) FullMasks() => (
        CropTensors.FromGray([.. Examples.Select(e => e.FullMask ?? e.Mask)], side), tensor(Examples.Select(e => e.FullMask is null ? 0f : 1f).ToArray()));

    /// <summary>What the painting half reads.</summary>
    public EditorTensors Painting()
    {
        var blank = new byte[side * side * 3];
        return new EditorTensors(
            CropTensors.FromRgb([.. Examples.Select(e => e.Scene)], side),
            CropTensors.FromRgb([.. Examples.Select(e => e.Target!)], side),
            CropTensors.FromRgb([.. Examples.Select(e => e.Subject ?? blank)], side),
            CropTensors.FromRgb(collages, side),
            EditConditions.MarksOf([.. Examples.Select(e => e.Mask)], boxes, side, 8),
            tensor(hasCollage.Select(h => h ? 1f : 0f).ToArray()).view(-1, 1, 1, 1),
            tensor(Examples.Select(e => e.Subject is null ? 0f : 1f).ToArray()),
            zeros(Examples.Count, EditTeacher.Parts, ScalarType.Int64));
    }
}
