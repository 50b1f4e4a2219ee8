using System.Buffers.Binary;
using System.Text.Json;
using static TorchSharp.torch;

namespace FlexEdit.Models.Checkpoints;

/// <summary>Writes safetensors files whole or not at all: into a temporary file beside the target, which then replaces it.</summary>
public static class SafetensorsWriter
{
    /// <summary>Writes tensors under their names.</summary>
    /// <param name="path">The target; an existing file is replaced.</param>
    /// <param name="tensors">Name and value; from any device, of any layout.</param>
    /// <param name="metadata">Free text values for the header (<c>__metadata__</c>).</param>
    /// <param name="floatType">Float32, Float16 or BFloat16: what every floating-point tensor is converted to; null keeps each one's type.</param>
    /// <exception cref="ArgumentException">A name occurs twice or is <c>__metadata__</c>, or <paramref name="floatType"/> is not a floating-point type.</exception>
    /// <exception cref="NotSupportedException">A tensor's type cannot be stored.</exception>
    public static void Write(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null, ScalarType? floatType = null)
    {
        if (floatType is not (null or ScalarType.Float32 or ScalarType.Float16 or ScalarType.BFloat16))
            throw new ArgumentException($"Weights are stored as Float32, Float16 or BFloat16, not {floatType}.", nameof(floatType));
        // Wide types first keeps every tensor aligned to its element; within a type, names give every writer the same bytes.
        var entries = tensors
            .Select(t => (Name: t.Key, t.Value, Type: floatType is { } type && t.Value.is_floating_point() ? type : t.Value.dtype))
            .Select(t => (t.Name, t.Value, t.Type, Stored: SafetensorsTypes.Of(t.Type)))
            .OrderByDescending(t => t.Stored.Size).ThenBy(t => t.Name, StringComparer.Ordinal)
            .ToList();
        var names = new HashSet<string>(StringComparer.Ordinal) { SafetensorsHeader.MetadataKey };
        foreach (var entry in entries)
            if (!names.Add(entry.Name))
                throw new ArgumentException($"The tensor name '{entry.Name}' is used twice or reserved.", nameof(tensors));

        var header = Header(entries.Select(e => (e.Name, e.Stored.Name, e.Value.shape, e.Value.NumberOfElements * e.Stored.Size)), metadata);
        var temporary = $"{path}.{Path.GetRandomFileName()}.partial";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 20))
            {
                stream.Write(header);
                foreach (var entry in entries)
                    WriteTensor(stream, entry.Value, entry.Type);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    private static byte[] Header(IEnumerable<(string Name, string Type, long[] Shape, long Length)> entries, IReadOnlyDictionary<string, string>? metadata)
    {
        using var buffer = new MemoryStream();
        buffer.Write(stackalloc byte[8]);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject(SafetensorsHeader.MetadataKey);
                foreach (var (key, value) in metadata.OrderBy(m => m.Key, StringComparer.Ordinal))
                    json.WriteString(key, value);
                json.WriteEndObject();
            }
            var offset = 0L;
            foreach (var (name, type, shape, length) in entries)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", type);
                json.WriteStartArray("shape");
                foreach (var size in shape)
                    json.WriteNumberValue(size);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(offset += length);
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        // The format pads with spaces so that the data starts on a multiple of eight.
        while (buffer.Length % 8 != 0)
            buffer.WriteByte((byte)' ');
        var bytes = buffer.ToArray();
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)(bytes.Length - 8));
        return bytes;
    }

    private static void WriteTensor(FileStream stream, Tensor tensor, ScalarType type)
    {
        const long PartElements = 1L << 27;
        using var scope = NewDisposeScope();
        var flat = tensor.detach().cpu().to(type).contiguous().view(-1);
        for (long done = 0; done < flat.NumberOfElements; done += PartElements)
            stream.Write(flat.narrow(0, done, Math.Min(PartElements, flat.NumberOfElements - done)).bytes);
    }
}
