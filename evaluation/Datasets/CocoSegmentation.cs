using System.Text.Json;
using FlexEdit.Masks;
using FlexEdit.Masks.Rle;

namespace FlexEdit.Evaluation.Datasets;

/// <summary>The three forms of COCO's <c>segmentation</c>: polygons, run lengths as numbers, run lengths as a string.</summary>
public static class CocoSegmentation
{
    // As COCO's own code: a list whose first member has four numbers is one of boxes.
    private const int BoxLength = 4;

    /// <summary>The mask; several polygons are united.</summary>
    /// <param name="segmentation">The JSON value.</param>
    /// <param name="width">The picture's width.</param>
    /// <param name="height">The picture's height.</param>
    /// <exception cref="FormatException">It has none of the forms, belongs to another size, or is damaged.</exception>
    /// <exception cref="ArgumentException">A polygon is damaged.</exception>
    public static Mask Read(JsonElement segmentation, int width, int height)
    {
        if (segmentation.ValueKind == JsonValueKind.Array)
            return Polygons(segmentation, width, height);
        if (segmentation.ValueKind != JsonValueKind.Object || !segmentation.TryGetProperty("size", out var size) || !segmentation.TryGetProperty("counts", out var counts))
            throw new FormatException("it is neither a list of polygons nor an object of 'size' and 'counts'");
        if (size.ValueKind != JsonValueKind.Array || size.GetArrayLength() != 2 || size[0].GetInt32() != height || size[1].GetInt32() != width)
            throw new FormatException($"its size is {size.GetRawText()}, the picture's [height, width] is [{height}, {width}]");
        return counts.ValueKind switch
        {
            JsonValueKind.String => CocoRle.Decode(CocoRle.Decompress(counts.GetString()!), width, height),
            JsonValueKind.Array => CocoRle.Decode([.. counts.EnumerateArray().Select(c => c.GetInt32())], width, height),
            _ => throw new FormatException("its counts are neither a string nor a list"),
        };
    }

    private static Mask Polygons(JsonElement list, int width, int height)
    {
        var mask = new Mask(width, height);
        var boxes = list.GetArrayLength() > 0 && list[0].ValueKind == JsonValueKind.Array && list[0].GetArrayLength() == BoxLength;
        foreach (var polygon in list.EnumerateArray())
        {
            if (polygon.ValueKind != JsonValueKind.Array)
                throw new FormatException("its polygons are no lists of numbers");
            double[] values = [.. polygon.EnumerateArray().Select(v => v.GetDouble())];
            mask = mask.Union(CocoPolygon.Fill(boxes ? Corners(values) : values, width, height));
        }
        return mask;
    }

    private static double[] Corners(double[] box) =>
        box is [var x, var y, var w, var h] ? [x, y, x, y + h, x + w, y + h, x + w, y] : throw new FormatException("boxes and polygons are mixed");
}
