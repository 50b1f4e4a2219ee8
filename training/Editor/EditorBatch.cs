using FlexEdit.Masks;
using FlexEdit.Models.Editing;
using FlexEdit.Training.World;
using static TorchSharp.torch;

namespace FlexEdit.Training.Editor;

/// <summary>A batch of examples as the painting half reads them. Bytes until <see cref="ToTensors"/>, so that any thread can make it.</summary>
public sealed class EditorBatch
{
    private const double Unknown = 0.1;
    private const int Wrong = 3;
    private readonly EditSample[] samples;
    private readonly byte[][] collages;
    private readonly MarkBox[] boxes;
    private readonly bool[] hasCollage;
    private readonly long[] ids;

    /// <summary>Makes a batch.</summary>
    /// <param name="samples">The examples.</param>
    /// <param name="vocabulary">Ids of names, colours, operations.</param>
    /// <param name="opaque">Says of each example whether its subject's opacity is hidden from the collage.</param>
    /// <param name="withoutCollage">Says of each example whether it goes without a collage.</param>
    /// <param name="chance">Makes the whole masks somewhat wrong, as predicted ones are; null leaves them right.</param>
    public EditorBatch(IReadOnlyList<EditSample> samples, EditVocabulary vocabulary, Func<int, bool> opaque, Func<int, bool> withoutCollage, SeededRandom? chance = null)
    {
        this.samples = [.. samples];
        var side = (int)Math.Sqrt(samples[0].Mask.Length);
        boxes = [.. samples.Select(s => PlaceOf(s.Mask, s.FullMask, side, chance))];
        hasCollage = [.. samples.Select((s, i) => s.Subject is not null && !withoutCollage(i))];
        collages = [.. samples.Select((s, i) => hasCollage[i]
            ? Collage.Paste(s.Scene, s.Subject, opaque(i) ? [] : s.SubjectAlpha, boxes[i], side)
            : s.Scene)];
        ids = [.. samples.SelectMany(s => Ids(s, vocabulary))];
        Side = side;
    }

    /// <summary>R.</summary>
    public int Side { get; }

    /// <summary>The examples.</summary>
    public IReadOnlyList<EditSample> Samples => samples;

    /// <summary>The canonical form of an edit: operation, old name, new name, colour; 0 for none.</summary>
    public static long[] Ids(EditSample sample, EditVocabulary vocabulary) =>
    [
        IndexOf(vocabulary.Operations, EditSentences.NameOf(sample.Operation)),
        sample.OldName is null ? 0 : IndexOf(vocabulary.Names, sample.OldName) + 1,
        sample.NewName is null ? 0 : IndexOf(vocabulary.Names, sample.NewName) + 1,
        sample.Colour is null ? 0 : IndexOf(vocabulary.Colours, sample.Colour) + 1,
    ];

    /// <summary>Where an example's new thing goes, by a whole mask whose edges are a little off, or which now and then is not known.</summary>
    /// <param name="mask">The free-shape mask.</param>
    /// <param name="fullMask">The whole object's; null where nobody knows it.</param>
    /// <param name="side">R.</param>
    /// <param name="chance">Null: exactly.</param>
    internal static MarkBox PlaceOf(byte[] mask, byte[]? fullMask, int side, SeededRandom? chance)
    {
        if (chance is not null && chance.Chance(Unknown))
            fullMask = null;
        var box = EditPlace.Of(mask, fullMask, side);
        if (chance is null || box == MarkBox.Of(mask, side))
            return box;
        int Off() => chance.Next((2 * Wrong) + 1) - Wrong;
        var (left, top, right, bottom) = (Math.Max(0, box.X + Off()), Math.Max(0, box.Y + Off()), Math.Min(side, box.X + box.Width + Off()), Math.Min(side, box.Y + box.Height + Off()));
        return new MarkBox(left, top, Math.Max(1, right - left), Math.Max(1, bottom - top));
    }

    /// <summary>The tensors, in the current dispose scope.</summary>
    public EditorTensors ToTensors()
    {
        var blank = new byte[Side * Side * 3];
        return new EditorTensors(
            CropTensors.FromRgb([.. samples.Select(s => s.Scene)], Side),
            CropTensors.FromRgb([.. samples.Select(s => s.Target)], Side),
            CropTensors.FromRgb([.. samples.Select(s => s.Subject ?? blank)], Side),
            CropTensors.FromRgb(collages, Side),
            EditConditions.MarksOf([.. samples.Select(s => s.Mask)], boxes, Side, 8),
            tensor(hasCollage.Select(h => h ? 1f : 0f).ToArray()).view(-1, 1, 1, 1),
            tensor(samples.Select(s => s.Subject is null ? 0f : 1f).ToArray()),
            tensor(ids, [samples.Length, EditTeacher.Parts]));
    }

    private static long IndexOf(IReadOnlyList<string> list, string item)
    {
        for (var i = 0; i < list.Count; i++)
        {
            if (list[i] == item)
                return i;
        }
        throw new ArgumentException($"'{item}' is not in the vocabulary.");
    }
}

/// <summary>Tensors of a batch of B examples.</summary>
/// <param name="Scene">[B, 3, R, R] in [-1, 1].</param>
/// <param name="Target">Likewise.</param>
/// <param name="Subject">Likewise; black where there is none.</param>
/// <param name="Collage">Likewise; the scene where there is none.</param>
/// <param name="Marks"><see cref="EditConditions.MarksOf"/>.</param>
/// <param name="HasCollage">[B, 1, 1, 1], 0 or 1.</param>
/// <param name="HasSubject">[B], 0 or 1.</param>
/// <param name="Ids">int64 [B, 4].</param>
public sealed record EditorTensors(Tensor Scene, Tensor Target, Tensor Subject, Tensor Collage, Tensor Marks, Tensor HasCollage, Tensor HasSubject, Tensor Ids);
