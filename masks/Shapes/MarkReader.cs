using System.Text.Json;

namespace FlexEdit.Masks.Shapes;

/// <summary>
/// Reads the API's <c>mask_shapes</c>: a JSON list of objects with <c>type</c>, <c>op</c> ("add", the default, or
/// "subtract"), optional <c>rotation</c> and <c>hollow</c>, and the fields of their type: <c>circle</c> cx, cy, r;
/// <c>rectangle</c> x, y, width, height; <c>triangle</c> and <c>polygon</c> points [[x, y] …]; <c>stroke</c> points
/// [[x, y, radius?] …] and radius; <c>rle</c> size [height, width] and counts, a list or a string.
/// </summary>
public static class MarkReader
{
    /// <summary>Reads a list of marks.</summary>
    /// <param name="json">UTF-8 or UTF-16 text of a list.</param>
    /// <param name="field">The list's name in error messages.</param>
    /// <param name="limits">Null for the usual ones.</param>
    /// <exception cref="MarkException">Names the first faulty field, for example <c>mask_shapes[2].radius must be positive</c>.</exception>
    public static IReadOnlyList<MarkShape> Read(string json, string field = "mask_shapes", MarkLimits? limits = null)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return Read(document.RootElement, field, limits);
        }
        catch (JsonException problem)
        {
            throw new MarkException(
                field, $"must be JSON (line {problem.LineNumber + 1}, byte {problem.BytePositionInLine + 1} is not)");
        }
    }

    /// <inheritdoc cref="Read(string, string, MarkLimits?)"/>
    public static IReadOnlyList<MarkShape> Read(
        JsonElement json, string field = "mask_shapes", MarkLimits? limits = null)
    {
        limits ??= MarkLimits.Default;
        if (json.ValueKind != JsonValueKind.Array)
            throw new MarkException(field, "must be a list of marks");
        if (json.GetArrayLength() > limits.Marks)
            throw new MarkException(field, $"may hold at most {limits.Marks} marks");

        var marks = new List<MarkShape>();
        var pointsLeft = limits.Points;
        foreach (var item in json.EnumerateArray())
        {
            var fields = new MarkFields(item, $"{field}[{marks.Count}]", limits);
            var mark = ReadMark(fields, ref pointsLeft);
            if (pointsLeft < 0)
                throw new MarkException(field, $"may hold at most {limits.Points} points in all");
            fields.RefuseOthers();
            marks.Add(mark);
        }

        return marks;
    }

    private static MarkShape ReadMark(MarkFields fields, ref int pointsLeft)
    {
        var type = fields.Choice("type", null, "circle", "rectangle", "triangle", "polygon", "stroke", "rle");
        MarkShape mark = type switch
        {
            "circle" => new CircleMark(fields.Number("cx"), fields.Number("cy"), fields.Length("r")),
            "rectangle" => new RectangleMark(
                fields.Number("x"), fields.Number("y"), fields.Length("width"), fields.Length("height")),
            "triangle" => new PolygonMark(fields.Points(3, exactly: true, radii: false, ref pointsLeft)),
            "polygon" => new PolygonMark(fields.Points(3, exactly: false, radii: false, ref pointsLeft)),
            "stroke" => ReadStroke(fields, ref pointsLeft),
            _ => fields.Rle(),
        };
        return mark with
        {
            Operation = fields.Choice("op", "add", "add", "subtract") == "add"
                ? MarkOperation.Add
                : MarkOperation.Subtract,
            Rotation = fields.Has("rotation") ? fields.Number("rotation") : 0,
            Hollow = fields.Has("hollow") ? fields.Length("hollow") : null,
        };
    }

    private static StrokeMark ReadStroke(MarkFields fields, ref int pointsLeft)
    {
        var points = fields.Points(1, exactly: false, radii: true, ref pointsLeft);
        // With a radius at every point the stroke needs none of its own.
        var own = fields.Has("radius") || points.Any(p => p.Radius is null) ? fields.Length("radius") : 1;
        return new StrokeMark(points, own);
    }
}
