using FlexEdit.Models.Editing;
using FlexEdit.Training.World;
using static TorchSharp.torch;

namespace FlexEdit.Training.Editor;

/// <summary>A batch of examples as the painting half reads them. Bytes until <see cref="ToTensors"/>, so that any thread can make it.</summary>
public sealed class EditorBatch
{
    private readonly EditSample[] samples;
    private readonly byte[][] collages;
    private readonly bool[] hasCollage;
    private readonly long[] ids;

    /// <summary>Makes a batch.</summary>
    /// <param name="samples">The examples.</param>
    /// <param name="vocabulary">Ids of names, colours, operations.</param>
    /// <param name="opaque">Says of each example whether its subject's opacity is hidden from the collage.</param>
    /// <param name="withoutCollage">Says of each example whether it goes without a collage.</param>
    public EditorBatch(IReadOnlyList<EditSample> samples, EditVocabulary vocabulary, Func<int, bool> opaque, Func<int, bool> withoutCollage)
    {
        this.samples = [.. samples];
        var side = (int)Math.Sqrt(samples[0].Mask.Length);
        hasCollage = [.. samples.Select((s, i) => s.Subject is not null && !withoutCollage(i))];
        collages = [.. samples.Select((s, i) => hasCollage[i]
            ? Collage.Paste(s.Scene, s.Subject, opaque(i) ? [] : s.SubjectAlpha, MarkBox.Of(s.Mask, side), side)
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

    /// <summary>The tensors, in the current dispose scope.</summary>
    public EditorTensors ToTensors()
    {
        var blank = new byte[Side * Side * 3];
        return new EditorTensors(
            CropTensors.FromRgb([.. samples.Select(s => s.Scene)], Side),
            CropTensors.FromRgb([.. samples.Select(s => s.Target)], Side),
            CropTensors.FromRgb([.. samples.Select(s => s.Subject ?? blank)], Side),
            CropTensors.FromRgb(collages, Side),
            EditConditions.MarksOf([.. samples.Select(s => s.Mask)], Side, 8),
            tensor(hasCollage.Select(h => h ? 1f : 0f).ToArray()).view(-1, 1, 1, 1),
            tensor(samples.Select(s => s.Subject is null ? 0f : 1f).ToArray()),
            tensor(ids, [samples.Length, EditTeacher.Tokens]));
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
/// <param name="Marks">[B, 2, h, w].</param>
/// <param name="HasCollage">[B, 1, 1, 1], 0 or 1.</param>
/// <param name="HasSubject">[B], 0 or 1.</param>
/// <param name="Ids">int64 [B, 4].</param>
public sealed record EditorTensors(Tensor Scene, Tensor Target, Tensor Subject, Tensor Collage, Tensor Marks, Tensor HasCollage, Tensor HasSubject, Tensor Ids);
