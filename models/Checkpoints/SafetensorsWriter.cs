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
    public static void Write(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null, ScalarType? floatType = null) =>
        WriteOneByOne(path, tensors.Select(t => TensorToWrite.Of(t.Key, t.Value, floatType)), metadata);

    /// <summary>Writes tensors of which only one is in memory at a time.</summary>
    /// <param name="path">The target; an existing file is replaced.</param>
    /// <param name="tensors">What to write.</param>
    /// <param name="metadata">Free text values for the header (<c>__metadata__</c>).</param>
    /// <exception cref="ArgumentException">A name occurs twice or is <c>__metadata__</c>, or a value has not the shape that was told.</exception>
    /// <exception cref="NotSupportedException">A tensor's type cannot be stored.</exception>
    public static void WriteOneByOne(string path, IEnumerable<TensorToWrite> tensors, IReadOnlyDictionary<string, string>? metadata = null) =>
        WriteInOrder(path, InOrder(tensors), metadata);

    /// <summary>
    /// Writes tensors into as few files as a size allows, <c>STEM-00001-of-00003.safetensors</c> and so on with <c>STEM.safetensors.index.json</c>,
    /// or into the single <c>STEM.safetensors</c> where one is enough. Only one tensor is in memory at a time.
    /// </summary>
    /// <param name="folder">An existing folder.</param>
    /// <param name="stem">First part of the names; <c>model</c> and <c>diffusion_pytorch_model</c> are the published ones.</param>
    /// <param name="tensors">What to write.</param>
    /// <param name="shardBytes">Largest size of a file's tensors; one tensor that is larger gets a file of its own.</param>
    /// <param name="metadata">Free text values for every header.</param>
    /// <returns>Names of the files, the index among them.</returns>
    /// <exception cref="ArgumentException">As <see cref="WriteOneByOne"/>.</exception>
    public static IReadOnlyList<string> WriteSharded(string folder, string stem, IEnumerable<TensorToWrite> tensors, long shardBytes, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(shardBytes, 1);
        var entries = InOrder(tensors);
        var shards = new List<List<TensorToWrite>>();
        var room = 0L;
        foreach (var entry in entries)
        {
            if (shards.Count == 0 || entry.Length > room)
            {
                shards.Add([]);
                room = shardBytes;
            }
            shards[^1].Add(entry);
            room -= entry.Length;
        }
        if (shards.Count <= 1)
        {
            WriteInOrder(Path.Combine(folder, stem + ".safetensors"), entries, metadata);
            return [stem + ".safetensors"];
        }
        var names = Enumerable.Range(1, shards.Count).Select(i => $"{stem}-{i:00000}-of-{shards.Count:00000}.safetensors").ToList();
        foreach (var (name, shard) in names.Zip(shards))
            WriteInOrder(Path.Combine(folder, name), shard, metadata);
        var index = new
        {
            metadata = new { total_size = entries.Sum(e => e.Length) },
            weight_map = names.Zip(shards).SelectMany(s => s.Second.Select(t => (t.Name, File: s.First)))
                .OrderBy(t => t.Name, StringComparer.Ordinal).ToDictionary(t => t.Name, t => t.File),
        };
        // Last, so that an index never names files that are not there.
        File.WriteAllBytes(Path.Combine(folder, stem + ShardIndex.Extension), JsonSerializer.SerializeToUtf8Bytes(index));
        return [.. names, stem + ShardIndex.Extension];
    }

    private static List<TensorToWrite> InOrder(IEnumerable<TensorToWrite> tensors)
    {
        // Wide types first keeps every tensor aligned to its element; within a type, names give every writer the same bytes.
        var entries = tensors.OrderByDescending(t => SafetensorsTypes.Of(t.Type).Size).ThenBy(t => t.Name, StringComparer.Ordinal).ToList();
        var names = new HashSet<string>(StringComparer.Ordinal) { SafetensorsHeader.MetadataKey };
        foreach (var entry in entries)
            if (!names.Add(entry.Name))
                throw new ArgumentException($"The tensor name '{entry.Name}' is used twice or reserved.", nameof(tensors));
        return entries;
    }

    private static void WriteInOrder(string path, List<TensorToWrite> entries, IReadOnlyDictionary<string, string>? metadata)
    {
        var header = Header(entries, metadata);
        var temporary = $"{path}.{Path.GetRandomFileName()}.partial";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 20))
            {
                stream.Write(header);
                foreach (var entry in entries)
                    WriteTensor(stream, entry);
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

    private static byte[] Header(List<TensorToWrite> entries, IReadOnlyDictionary<string, string>? metadata)
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
            foreach (var entry in entries)
            {
                json.WriteStartObject(entry.Name);
                json.WriteString("dtype", SafetensorsTypes.Of(entry.Type).Name);
                json.WriteStartArray("shape");
                foreach (var size in entry.Shape)
                    json.WriteNumberValue(size);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(offset += entry.Length);
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

    private static void WriteTensor(FileStream stream, TensorToWrite entry)
    {
        const long PartElements = 1L << 24;
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var value = entry.Read();
        if (!value.shape.SequenceEqual(entry.Shape))
            throw new ArgumentException($"'{entry.Name}' was announced as [{string.Join(", ", entry.Shape)}] and is [{string.Join(", ", value.shape)}].", nameof(entry));
        var flat = value.detach().contiguous().view(-1);
        for (long done = 0; done < flat.NumberOfElements; done += PartElements)
        {
            using var part = flat.narrow(0, done, Math.Min(PartElements, flat.NumberOfElements - done)).to(entry.Type).cpu();
            stream.Write(part.bytes);
        }
    }
}
