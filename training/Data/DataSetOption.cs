using System.Globalization;
using FlexEdit.Training.Data.Sources;
using FlexEdit.Training.World;

namespace FlexEdit.Training.Data;

/// <summary>Reads what the command line says of a data set: <c>KIND:PATH[,PATH…][@WEIGHT]</c>.</summary>
public static class DataSetOption
{
    /// <summary>What may be written.</summary>
    public const string Help =
        "KIND:PATHS[@WEIGHT], several times: world:FOLDER, coco:INSTANCES.json,PICTURES, refcoco:REFERENCES.json,INSTANCES.json,PICTURES, magicbrush:FOLDER, instructpix2pix:FOLDER, llava:CONVERSATIONS.json,PICTURES, subjects:YOUTUBE-VOS-TRAIN.";

    /// <summary>Opens the data sets.</summary>
    /// <param name="options">As written.</param>
    /// <param name="side">R.</param>
    /// <param name="marks">How masks are drawn.</param>
    /// <param name="seed">Of the synthetic world.</param>
    /// <exception cref="FormatException">One is none of the kinds, lacks a path, or cannot be read.</exception>
    public static IReadOnlyList<(ILearningSource Source, double Weight)> Open(IEnumerable<string> options, int side, TrainingMarks marks, ulong seed) =>
        [.. options.Select(o => Open(o, side, marks, seed))];

    private static (ILearningSource, double) Open(string option, int side, TrainingMarks marks, ulong seed)
    {
        var at = option.LastIndexOf('@');
        var weight = 1.0;
        if (at >= 0 && !double.TryParse(option[(at + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out weight))
            throw new FormatException($"'{option}': '{option[(at + 1)..]}' is no weight. {Help}");
        var (kind, paths) = (at < 0 ? option : option[..at]).Split(':', 2) is [var k, var rest] ? (k, rest.Split(',')) : throw new FormatException($"'{option}' has no kind. {Help}");
        ILearningSource Cut(IExampleSource source) => new CroppedSource(source, side, marks);
        return (
            (kind, paths) switch
            {
                ("world", [var folder]) => new WorldSource(new EditRenderer(new WorldCatalog(folder), side, seed, EditMix.All, heldOut: false, marks)),
                ("coco", [var instances, var pictures]) => Cut(MaskedObjectSource.Coco(instances, pictures)),
                ("refcoco", [var references, var instances, var pictures]) => Cut(MaskedObjectSource.References(references, instances, pictures)),
                ("magicbrush", [var folder]) => Cut(new MagicBrushSource(folder)),
                ("instructpix2pix", [var folder]) => Cut(new InstructPix2PixSource(folder)),
                ("llava", [var conversations, var pictures]) => Cut(new LlavaSource(conversations, pictures)),
                ("subjects", [var folder]) => Cut(new SubjectPairSource(folder)),
                _ => throw new FormatException($"'{option}' is no data set. {Help}"),
            },
            weight);
    }
}
