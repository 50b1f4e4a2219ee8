using FlexEdit.Evaluation.Datasets;
using FlexEdit.Masks;
using FlexEdit.Training.World;

namespace FlexEdit.Training.Data.Sources;

/// <summary>
/// Objects with their true masks, of COCO, RefCOCO or gRefCOCO, as the paper trains its understanding of masks (section 3.3): the model is asked what the mask
/// means and is to paint the whole object in a colour.
/// </summary>
public sealed class MaskedObjectSource : IExampleSource
{
    private const double SmallestShare = 0.005, LargestShare = 0.7;
    private static readonly string[] s_sentences =
    [
        "Can you tell me what the masks mean in [pic1]? Apply {colour} to the entire object.", "What are the masks in [pic1] representing? Please apply {colour} to the entire object.",
        "Paint the whole object {colour}.",
    ];

    private readonly MaskedObject[] _objects;
    private readonly string _pictures;

    private MaskedObjectSource(string name, IEnumerable<MaskedObject> objects, string pictures)
    {
        Name = name;
        _pictures = pictures;
        _objects = [.. objects.Where(o => o.Picture is not null && o.Mask.Coverage is >= SmallestShare and <= LargestShare && (o.Label ?? o.Expression) is not null)];
        if (_objects.Length == 0)
            throw new FormatException($"{name} has no object of {SmallestShare:P1} to {LargestShare:P0} of its picture.");
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int Count => _objects.Length;

    /// <summary>COCO's objects; crowds are left out.</summary>
    /// <param name="annotations"><c>instances_….json</c>.</param>
    /// <param name="pictures">Folder of the pictures.</param>
    /// <exception cref="FormatException">The file is damaged.</exception>
    public static MaskedObjectSource Coco(string annotations, string pictures) => new("coco", CocoFile.Read(annotations).Objects(), pictures);

    /// <summary>What the references of RefCOCO or gRefCOCO mean; those that mean nothing are left out.</summary>
    /// <param name="references"><c>grefs(unc).json</c>, or RefCOCO's as JSON.</param>
    /// <param name="instances">The <c>instances.json</c> beside it.</param>
    /// <param name="pictures">Folder of <c>train2014</c>'s pictures.</param>
    /// <param name="split">Which part.</param>
    /// <exception cref="FormatException">A file is damaged.</exception>
    public static MaskedObjectSource References(string references, string instances, string pictures, string split = "train") =>
        new("refcoco", ReferringExpressions.Read(references, CocoFile.Read(instances), split), pictures);

    /// <inheritdoc/>
    public DataExample Read(int index, SeededRandom random)
    {
        var thing = _objects[index];
        var path = Path.Combine(_pictures, thing.Picture!);
        var scene = Pictures.Read(path);
        if (scene.Width != thing.Mask.Width || scene.Height != thing.Mask.Height)
            throw new FormatException($"{path} has {scene.Width}x{scene.Height} pixels, its annotation {thing.Id} {thing.Mask.Width}x{thing.Mask.Height}.");
        var colour = random.Pick(WorldColours.All);
        return new DataExample
        {
            Id = thing.Id,
            Scene = scene,
            Target = Pictures.Fill(scene, thing.Mask, colour.Red, colour.Green, colour.Blue),
            Meant = thing.Mask,
            HasObject = true,
            Instruction = random.Pick(s_sentences).Replace("{colour}", colour.Name, StringComparison.Ordinal),
            Label = thing.Label ?? thing.Expression,
        };
    }
}
