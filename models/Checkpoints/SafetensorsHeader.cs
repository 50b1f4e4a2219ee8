using System.Text.Json;

namespace FlexEdit.Models.Checkpoints;

/// <summary>
/// The JSON header of a safetensors file, parsed and checked. The format is an 8-byte little-endian header length, the header,
/// and the tensors' bytes, which the tensors must cover without holes or overlaps (Hugging Face safetensors, "Format").
/// </summary>
internal static class SafetensorsHeader
{
    /// <summary>The format's own limit on the header, in bytes.</summary>
    public const long MaximumLength = 100_000_000;

    /// <summary>The header's key for the file's free text values.</summary>
    public const string MetadataKey = "__metadata__";

    /// <summary>Reads the header's entries and metadata and checks them against the bytes that follow.</summary>
    /// <param name="json">The header, UTF-8.</param>
    /// <param name="dataLength">Bytes after the header.</param>
    /// <exception cref="CheckpointException">Anything is wrong; the message has no file name.</exception>
    public static (Dictionary<string, SafetensorsEntry> Entries, Dictionary<string, string> Metadata) Parse(ReadOnlyMemory<byte> json, long dataLength)
    {
        var entries = new Dictionary<string, SafetensorsEntry>(StringComparer.Ordinal);
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        if (json.IsEmpty || json.Span[0] != (byte)'{')
            throw new CheckpointException("the header is not a JSON object");
        try
        {
            using var document = JsonDocument.Parse(json);
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (!seen.Add(property.Name))
                    throw new CheckpointException($"the header has two entries named '{property.Name}'");
                if (property.Name == MetadataKey)
                    ReadMetadata(property.Value, metadata);
                else
                    entries.Add(property.Name, ReadEntry(property.Name, property.Value));
            }
        }
        catch (JsonException problem)
        {
            throw new CheckpointException($"the header is not valid JSON ({problem.Message})", problem);
        }
        CheckLayout(entries.Values, dataLength);
        return (entries, metadata);
    }

    private static void ReadMetadata(JsonElement value, Dictionary<string, string> metadata)
    {
        if (value.ValueKind != JsonValueKind.Object)
            throw new CheckpointException($"'{MetadataKey}' is not an object");
        foreach (var property in value.EnumerateObject())
        {
            if (property.Value.ValueKind != JsonValueKind.String)
                throw new CheckpointException($"'{MetadataKey}' has a value that is not text: '{property.Name}'");
            if (!metadata.TryAdd(property.Name, property.Value.GetString()!))
                throw new CheckpointException($"'{MetadataKey}' has two values named '{property.Name}'");
        }
    }

    private static SafetensorsEntry ReadEntry(string name, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
            throw new CheckpointException($"the entry of '{name}' is not an object");
        JsonElement? dtype = null, shape = null, offsets = null;
        foreach (var property in value.EnumerateObject())
        {
            ref var field = ref dtype;
            switch (property.Name)
            {
                case "dtype":
                    break;
                case "shape":
                    field = ref shape;
                    break;
                case "data_offsets":
                    field = ref offsets;
                    break;
                default:
                    throw new CheckpointException($"the entry of '{name}' has an unknown field '{property.Name}'");
            }
            if (field is not null)
                throw new CheckpointException($"the entry of '{name}' has '{property.Name}' twice");
            field = property.Value;
        }
        if (dtype is not { ValueKind: JsonValueKind.String } typeName)
            throw new CheckpointException($"the entry of '{name}' has no 'dtype'");
        if (SafetensorsTypes.Find(typeName.GetString()!) is not var (type, size))
            throw new CheckpointException($"'{name}' has the element type '{typeName.GetString()}', which is not one of {SafetensorsTypes.Known}");
        var sizes = ReadCounts(name, "shape", shape);
        var range = ReadCounts(name, "data_offsets", offsets);
        if (range.Length != 2 || range[1] < range[0])
            throw new CheckpointException($"'data_offsets' of '{name}' is not a pair of a start and a later end");
        var length = ByteLength(name, sizes, size);
        if (length != range[1] - range[0])
            throw new CheckpointException($"'{name}' of type {typeName.GetString()} and shape [{string.Join(", ", sizes)}] takes {length} bytes, but its offsets span {range[1] - range[0]}");
        return new SafetensorsEntry(name, type, sizes, range[0], length);
    }

    private static long[] ReadCounts(string name, string field, JsonElement? value)
    {
        if (value is not { ValueKind: JsonValueKind.Array } array)
            throw new CheckpointException($"the entry of '{name}' has no '{field}'");
        var counts = new long[array.GetArrayLength()];
        for (var i = 0; i < counts.Length; i++)
            if (array[i].ValueKind != JsonValueKind.Number || !array[i].TryGetInt64(out counts[i]) || counts[i] < 0)
                throw new CheckpointException($"'{field}' of '{name}' holds something that is not a whole number of 0 or more");
        return counts;
    }

    private static long ByteLength(string name, long[] shape, int elementSize)
    {
        try
        {
            return shape.Aggregate((long)elementSize, (product, size) => checked(product * size));
        }
        catch (OverflowException problem)
        {
            throw new CheckpointException($"the shape of '{name}' is too large: [{string.Join(", ", shape)}]", problem);
        }
    }

    private static void CheckLayout(IEnumerable<SafetensorsEntry> entries, long dataLength)
    {
        var end = 0L;
        var previous = "the header";
        foreach (var entry in entries.OrderBy(e => e.Offset).ThenBy(e => e.Length))
        {
            if (entry.Length > dataLength - entry.Offset)
                throw new CheckpointException($"'{entry.Name}' ends at byte {entry.Offset + entry.Length} of the data, but the file has only {dataLength}: it is truncated or its offsets are wrong");
            if (entry.Offset < end)
                throw new CheckpointException($"'{entry.Name}' overlaps '{previous}'");
            if (entry.Offset > end)
                throw new CheckpointException($"{entry.Offset - end} bytes between '{previous}' and '{entry.Name}' belong to no tensor");
            (end, previous) = (entry.Offset + entry.Length, entry.Name);
        }
        if (end != dataLength)
            throw new CheckpointException($"{dataLength - end} bytes at the end of the file belong to no tensor");
    }
}
