using System.Text.Json;
using System.Text.Json.Serialization;

namespace FlexEdit.Models.Images;

/// <summary>How pictures are made ready for a CLIP-like encoder: the published <c>preprocessor_config.json</c>, with its defaults.</summary>
public sealed record ClipImageProcessorConfig
{
    /// <summary>Whether pictures are resized first.</summary>
    public bool DoResize { get; init; } = true;
    /// <summary>What they are resized to.</summary>
    public ImageSize Size { get; init; } = new() { ShortestEdge = 224 };
    /// <summary>The kernel.</summary>
    public ResamplingFilter Resample { get; init; } = ResamplingFilter.Bicubic;
    /// <summary>Whether the middle is cut out.</summary>
    public bool DoCenterCrop { get; init; } = true;
    /// <summary>How much of it.</summary>
    public ImageSize CropSize { get; init; } = new() { Height = 224, Width = 224 };
    /// <summary>Whether samples are scaled by <see cref="RescaleFactor"/>.</summary>
    public bool DoRescale { get; init; } = true;
    /// <summary>The scale.</summary>
    public double RescaleFactor { get; init; } = 1 / 255.0;
    /// <summary>Whether <see cref="ImageMean"/> is subtracted and the rest divided by <see cref="ImageStd"/>.</summary>
    public bool DoNormalize { get; init; } = true;
    /// <summary>Mean of each channel.</summary>
    public IReadOnlyList<double> ImageMean { get; init; } = [0.48145466, 0.4578275, 0.40821073];
    /// <summary>Deviation of each channel.</summary>
    public IReadOnlyList<double> ImageStd { get; init; } = [0.26862954, 0.26130258, 0.27577711];
}

/// <summary>A size as published configurations write it: a number, <c>shortest_edge</c>, or <c>height</c> and <c>width</c>.</summary>
[JsonConverter(typeof(ImageSizeReader))]
public sealed record ImageSize
{
    /// <summary>Length of the shorter side, the other one following; null when both are given.</summary>
    public int? ShortestEdge { get; init; }
    /// <summary>Rows.</summary>
    public int? Height { get; init; }
    /// <summary>Columns.</summary>
    public int? Width { get; init; }
}

/// <summary>Reads the forms of <see cref="ImageSize"/>.</summary>
internal sealed class ImageSizeReader : JsonConverter<ImageSize>
{
    public override ImageSize Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var json = JsonDocument.ParseValue(ref reader);
        var root = json.RootElement;
        if (root.ValueKind == JsonValueKind.Number)
            return new ImageSize { ShortestEdge = root.GetInt32() };
        if (root.ValueKind != JsonValueKind.Object)
            throw new JsonException($"A size is a number or an object, not {root.GetRawText()}.");
        int? Side(string name) => root.TryGetProperty(name, out var side) && side.ValueKind == JsonValueKind.Number ? side.GetInt32() : null;
        var size = new ImageSize { ShortestEdge = Side("shortest_edge"), Height = Side("height"), Width = Side("width") };
        return size is { ShortestEdge: > 0 } or { Height: > 0, Width: > 0 }
            ? size
            : throw new JsonException($"A size has shortest_edge, or height and width, not {root.GetRawText()}.");
    }

    public override void Write(Utf8JsonWriter writer, ImageSize value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        if (value.ShortestEdge is { } edge)
            writer.WriteNumber("shortest_edge", edge);
        if (value.Height is { } height)
            writer.WriteNumber("height", height);
        if (value.Width is { } width)
            writer.WriteNumber("width", width);
        writer.WriteEndObject();
    }
}
