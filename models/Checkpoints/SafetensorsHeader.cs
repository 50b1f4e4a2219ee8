using System.Text.Json;

namespace FlexEdit.Models.Checkpoints;

/// <summary>
/// The JSON header of a safetensors file, parsed and checked. The format is an 8-byte little-endian header length, the header,
/// and the tensors' bytes, which the tensors must cover without holes or overlaps (Hugging Face safetensors, "Format").
/// The header is read where it lies and refused at its first fault, so that a hostile one costs neither time nor memory.
/// </summary>
internal static class SafetensorsHeader
{
    /// <summary>The format's own limit on the header, in bytes.</summary>
    public const long MaximumLength = 100_000_000;

    /// <summary>The header's key for the file's free text values.</summary>
    public const string MetadataKey = "__metadata__";

    // Far above any published model, far below what would hurt.
    private const int MaximumTensors = 250_000, MaximumDimensions = 16, MaximumNameBytes = 1024, MaximumMetadataBytes = 1 << 24;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = 4 };

    /// <summary>Reads the header's entries and metadata and checks them against the bytes that follow.</summary>
    /// <param name="json">The header, UTF-8.</param>
    /// <param name="dataLength">Bytes after the header.</param>
    /// <exception cref="CheckpointException">Anything is wrong; the message has no file name.</exception>
    public static (Dictionary<string, SafetensorsEntry> Entries, Dictionary<string, string> Metadata) Parse(ReadOnlySpan<byte> json, long dataLength)
    {
        var entries = new Dictionary<string, SafetensorsEntry>(StringComparer.Ordinal);
        Dictionary<string, string>? metadata = null;
        if (json.IsEmpty || json[0] != (byte)'{')
            throw new CheckpointException("the header is not a JSON object");
        // Every entry has an opening brace: only a header with very many is worth being counted through before anything of it is kept.
        if (json.Count((byte)'{') > MaximumTensors && HasTooManyEntries(json))
            throw new CheckpointException($"the header lists more than {MaximumTensors} tensors");
        try
        {
            var reader = new Utf8JsonReader(json, Options);
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = Text(ref reader, MaximumNameBytes, "a name");
                reader.Read();
                if (name == MetadataKey ? metadata is not null : entries.ContainsKey(name))
                    throw new CheckpointException($"the header has two entries named '{name}'");
                if (name == MetadataKey)
                    metadata = ReadMetadata(ref reader);
                else
                    entries.Add(name, ReadEntry(name, ref reader));
            }
            // Anything but white space behind the object is a fault that only reading on finds.
            reader.Read();
        }
        catch (JsonException problem)
        {
            throw new CheckpointException($"the header is not valid JSON ({problem.Message})", problem);
        }
        CheckLayout(entries.Values, dataLength);
        return (entries, metadata ?? new(StringComparer.Ordinal));
    }

    private static bool HasTooManyEntries(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, Options);
        var count = 0;
        try
        {
            while (count <= MaximumTensors + 1 && reader.Read())
                if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1 && !reader.ValueTextEquals(MetadataKey))
                    count++;
        }
        catch (JsonException)
        {
            // Whoever reads it for good says what is wrong with it, and keeps no more than was counted.
        }
        return count > MaximumTensors;
    }

    private static Dictionary<string, string> ReadMetadata(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new CheckpointException($"'{MetadataKey}' is not an object");
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        var start = reader.BytesConsumed;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = Text(ref reader, MaximumNameBytes, "a name");
            reader.Read();
            if (reader.TokenType != JsonTokenType.String)
                throw new CheckpointException($"'{MetadataKey}' has a value that is not text: '{name}'");
            if (reader.BytesConsumed - start > MaximumMetadataBytes)
                throw new CheckpointException($"'{MetadataKey}' holds more than {MaximumMetadataBytes} bytes");
            if (!metadata.TryAdd(name, Text(ref reader, MaximumMetadataBytes, $"'{name}' of '{MetadataKey}'")))
                throw new CheckpointException($"'{MetadataKey}' has two values named '{name}'");
        }
        return metadata;
    }

    private static SafetensorsEntry ReadEntry(string name, ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new CheckpointException($"the entry of '{name}' is not an object");
        string? dtype = null;
        long[]? shape = null, offsets = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = Text(ref reader, MaximumNameBytes, $"a field of '{name}'");
            reader.Read();
            var twice = field switch
            {
                "dtype" => dtype is not null,
                "shape" => shape is not null,
                "data_offsets" => offsets is not null,
                _ => throw new CheckpointException($"the entry of '{name}' has an unknown field '{field}'"),
            };
            if (twice)
                throw new CheckpointException($"the entry of '{name}' has '{field}' twice");
            if (field == "shape")
                shape = ReadCounts(name, field, ref reader);
            else if (field == "data_offsets")
                offsets = ReadCounts(name, field, ref reader);
            else if (reader.TokenType == JsonTokenType.String)
                dtype = Text(ref reader, MaximumNameBytes, $"the 'dtype' of '{name}'");
            else
                throw new CheckpointException($"the entry of '{name}' has no 'dtype' that is text");
        }
        if (dtype is null)
            throw new CheckpointException($"the entry of '{name}' has no 'dtype'");
        if (SafetensorsTypes.Find(dtype) is not var (type, size))
            throw new CheckpointException($"'{name}' has the element type '{dtype}', which is not one of {SafetensorsTypes.Known}");
        if (shape is null || offsets is null)
            throw new CheckpointException($"the entry of '{name}' has no '{(shape is null ? "shape" : "data_offsets")}'");
        if (offsets.Length != 2 || offsets[1] < offsets[0])
            throw new CheckpointException($"'data_offsets' of '{name}' is not a pair of a start and a later end");
        var length = ByteLength(name, shape, size);
        if (length != offsets[1] - offsets[0])
            throw new CheckpointException($"'{name}' of type {dtype} and shape [{string.Join(", ", shape)}] takes {length} bytes, but its offsets span {offsets[1] - offsets[0]}");
        return new SafetensorsEntry(name, type, shape, offsets[0], length);
    }

    private static string Text(ref Utf8JsonReader reader, int maximumBytes, string what)
    {
        if (reader.ValueSpan.Length > maximumBytes)
            throw new CheckpointException($"{what} has {reader.ValueSpan.Length} bytes, more than the {maximumBytes} allowed");
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException problem)
        {
            throw new CheckpointException($"{what} is not valid UTF-8 text", problem);
        }
    }

    private static long[] ReadCounts(string name, string field, ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new CheckpointException($"the entry of '{name}' has no '{field}' that is a list");
        var counts = new List<long>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (counts.Count == MaximumDimensions)
                throw new CheckpointException($"'{field}' of '{name}' has more than {MaximumDimensions} numbers");
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var count) || count < 0)
                throw new CheckpointException($"'{field}' of '{name}' holds something that is not a whole number of 0 or more");
            counts.Add(count);
        }
        return [.. counts];
    }

    private static long ByteLength(string name, long[] shape, int elementSize)
    {
        try
        {
            // Also without the zeros: torch multiplies the other sizes when it lays out a tensor.
            _ = shape.Aggregate((long)elementSize, (product, size) => checked(product * Math.Max(1, size)));
            return shape.Aggregate((long)elementSize, (product, size) => product * size);
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
