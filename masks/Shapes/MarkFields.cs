using System.Text.Json;
using FlexEdit.Masks.Rle;

namespace FlexEdit.Masks.Shapes;

/// <summary>The fields of one mark's JSON object; every failure names the field.</summary>
internal sealed class MarkFields
{
    private readonly Dictionary<string, JsonElement> _fields = new(StringComparer.Ordinal);
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly MarkLimits _limits;
    private readonly string _path;

    public MarkFields(JsonElement item, string path, MarkLimits limits)
    {
        (_path, _limits) = (path, limits);
        if (item.ValueKind != JsonValueKind.Object)
            throw new MarkException(path, "must be an object");
        foreach (var property in item.EnumerateObject())
        {
            if (!_fields.TryAdd(property.Name, property.Value))
                throw new MarkException($"{path}.{property.Name}", "is given twice");
        }
    }

    public bool Has(string name)
    {
        _known.Add(name);
        return _fields.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null;
    }

    public string Choice(string name, string? otherwise, params ReadOnlySpan<string> choices)
    {
        if (otherwise is not null && !Has(name))
            return otherwise;
        var value = Get(name);
        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        return choices.Contains(text)
            ? text
            : throw new MarkException($"{_path}.{name}", $"must be one of {string.Join(", ", choices!)}");
    }

    public double Number(string name) => Number(Get(name), $"{_path}.{name}");

    /// <summary>A positive number.</summary>
    public double Length(string name) => Positive(Get(name), $"{_path}.{name}");

    public IReadOnlyList<MarkPoint> Points(int atLeast, bool exactly, bool radii, ref int left)
    {
        var path = $"{_path}.points";
        var list = Get("points");
        var count = list.ValueKind == JsonValueKind.Array ? list.GetArrayLength() : -1;
        if (count < atLeast || (exactly && count != atLeast))
        {
            var number = $"{(exactly ? "exactly" : "at least")} {atLeast} {(atLeast == 1 ? "point" : "points")}";
            throw new MarkException(path, $"must be a list of {number}");
        }

        left -= count;
        if (left < 0)
            return [];
        var points = new MarkPoint[count];
        var i = 0;
        foreach (var item in list.EnumerateArray())
        {
            var at = $"{path}[{i}]";
            var numbers = item.ValueKind == JsonValueKind.Array ? item.GetArrayLength() : 0;
            if (numbers != 2 && !(radii && numbers == 3))
                throw new MarkException(at, radii ? "must be [x, y] or [x, y, radius]" : "must be [x, y]");
            points[i++] = new MarkPoint(
                Number(item[0], at), Number(item[1], at), numbers == 3 ? Positive(item[2], $"{at}[2]") : null);
        }

        return points;
    }

    public RleMark Rle()
    {
        var size = Get("size");
        if (size.ValueKind != JsonValueKind.Array || size.GetArrayLength() != 2
            || !size[0].TryGetWhole(out var height) || !size[1].TryGetWhole(out var width) || height < 1 || width < 1)
        {
            throw new MarkException($"{_path}.size", "must be [height, width] in pixels");
        }

        var counts = Get("counts");
        if (counts.ValueKind == JsonValueKind.String)
        {
            try
            {
                return new RleMark(width, height, CocoRle.Decompress(counts.GetString()!));
            }
            catch (FormatException problem)
            {
                throw new MarkException($"{_path}.counts", $"cannot be read: {problem.Message}");
            }
        }

        if (counts.ValueKind != JsonValueKind.Array)
            throw new MarkException($"{_path}.counts", "must be a list of numbers or a string");
        var runs = new int[counts.GetArrayLength()];
        var i = 0;
        foreach (var item in counts.EnumerateArray())
        {
            if (!item.TryGetWhole(out runs[i++]))
                throw new MarkException($"{_path}.counts[{i - 1}]", "must be a whole number");
        }

        return new RleMark(width, height, runs);
    }

    /// <summary>A misspelt field would otherwise silently draw something else.</summary>
    public void RefuseOthers()
    {
        foreach (var name in _fields.Keys)
        {
            if (!_known.Contains(name))
                throw new MarkException($"{_path}.{name}", "is not a field of this type");
        }
    }

    private JsonElement Get(string name) =>
        Has(name) ? _fields[name] : throw new MarkException($"{_path}.{name}", "is missing");

    private double Positive(JsonElement value, string path)
    {
        var number = Number(value, path);
        return number > 0 ? number : throw new MarkException(path, "must be positive");
    }

    private double Number(JsonElement value, string path)
    {
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var number))
            throw new MarkException(path, "must be a number");
        return Math.Abs(number) <= _limits.Coordinate
            ? number
            : throw new MarkException(path, $"must lie between -{_limits.Coordinate} and {_limits.Coordinate}");
    }
}

file static class JsonNumbers
{
    public static bool TryGetWhole(this JsonElement value, out int number)
    {
        number = 0;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out number);
    }
}
