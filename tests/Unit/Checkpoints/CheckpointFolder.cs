using System.Buffers.Binary;
using System.Text;

namespace FlexEdit.Tests.Unit.Checkpoints;

/// <summary>Safetensors files made by hand, sound or not, in a folder that goes with the test.</summary>
public sealed class CheckpointFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("flexedit-checkpoint-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);

    public string At(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes bytes as they are.</summary>
    public string Save(byte[] bytes, string? name = null)
    {
        var path = At(name ?? $"{Directory.GetFiles(Path).Length}.safetensors");
        File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>Writes a header and data.</summary>
    public string Save(string header, byte[] data, string? name = null) => Save(Bytes(header, data), name);

    /// <summary>Length, header and data as the format joins them.</summary>
    public static byte[] Bytes(string header, byte[] data)
    {
        var json = Encoding.UTF8.GetBytes(header);
        var bytes = new byte[8 + json.Length + data.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)json.Length);
        json.CopyTo(bytes, 8);
        data.CopyTo(bytes, 8 + json.Length);
        return bytes;
    }
}
