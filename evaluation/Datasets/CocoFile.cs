using System.Text.Json;

namespace FlexEdit.Evaluation.Datasets;

/// <summary>What is used of COCO's <c>instances_….json</c> (also of RefCOCO's and gRefCOCO's <c>instances.json</c>).</summary>
public sealed record CocoFile
{
    private static readonly JsonSerializerOptions s_names = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>The pictures.</summary>
    public required IReadOnlyList<CocoImage> Images { get; init; }
    /// <summary>The objects.</summary>
    public required IReadOnlyList<CocoAnnotation> Annotations { get; init; }
    /// <summary>Names by number; the numbers have holes.</summary>
    public required IReadOnlyList<CocoCategory> Categories { get; init; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="FormatException">It is no such file.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static CocoFile Read(string path)
    {
        using var stream = File.OpenRead(path);
        try
        {
            return JsonSerializer.Deserialize<CocoFile>(stream, s_names) ?? throw new FormatException($"{path} is empty.");
        }
        catch (JsonException problem)
        {
            throw new FormatException($"{path} is no COCO file of instances: {problem.Message}", problem);
        }
    }

    /// <summary>
    /// The single objects, in the file's order. Crowds are left out, as mask completion does, and so are objects whose mask is empty.
    /// </summary>
    /// <exception cref="FormatException">An annotation is damaged; the message names it.</exception>
    public IEnumerable<MaskedObject> Objects()
    {
        var images = Images.ToDictionary(i => i.Id);
        var names = Categories.ToDictionary(c => c.Id, c => c.Name);
        foreach (var annotation in Annotations)
        {
            if (annotation.Iscrowd != 0)
                continue;
            var image = images.GetValueOrDefault(annotation.ImageId) ?? throw new FormatException($"Annotation {annotation.Id} belongs to picture {annotation.ImageId}, which the file does not have.");
            var mask = MaskOf(annotation, image);
            if (!mask.IsEmpty)
                yield return new MaskedObject($"{annotation.Id}", image.FileName, names.GetValueOrDefault(annotation.CategoryId), null, mask);
        }
    }

    /// <summary>The mask of one annotation.</summary>
    internal static Masks.Mask MaskOf(CocoAnnotation annotation, CocoImage image)
    {
        try
        {
            return CocoSegmentation.Read(annotation.Segmentation, image.Width, image.Height);
        }
        catch (Exception problem) when (problem is FormatException or ArgumentException)
        {
            throw new FormatException($"The segmentation of annotation {annotation.Id} cannot be read: {problem.Message}", problem);
        }
    }
}

/// <summary>A picture.</summary>
public sealed record CocoImage
{
    /// <summary>Its number.</summary>
    public required long Id { get; init; }
    /// <summary>Its file's name.</summary>
    public required string FileName { get; init; }
    /// <summary>Columns.</summary>
    public required int Width { get; init; }
    /// <summary>Rows.</summary>
    public required int Height { get; init; }
}

/// <summary>An object.</summary>
public sealed record CocoAnnotation
{
    /// <summary>Its number.</summary>
    public required long Id { get; init; }
    /// <summary>Its picture.</summary>
    public required long ImageId { get; init; }
    /// <summary>Its category.</summary>
    public long CategoryId { get; init; }
    /// <summary>Polygons, or run lengths of either kind.</summary>
    public required JsonElement Segmentation { get; init; }
    /// <summary>1 for many objects at once.</summary>
    public int Iscrowd { get; init; }
}

/// <summary>A category.</summary>
public sealed record CocoCategory
{
    /// <summary>Its number.</summary>
    public required long Id { get; init; }
    /// <summary>Its name.</summary>
    public required string Name { get; init; }
}
