using System.Buffers.Binary;
using System.Text.Json;
using FlexEdit.Models.Methods;
using FlexEdit.Models.Methods.Parts;
using FlexEdit.Tests.Parity.Fixtures;
using Shouldly;

namespace FlexEdit.Tests.Parity.Layouts;

/// <summary>A model folder whose files have the names, shapes and sizes of the published ones, and holes where the weights are: gigabytes that take no room.</summary>
internal sealed class SparseFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("flexedit-sparse-").FullName;

    public SparseFolder(string method, string type) =>
        Write("card.json", $$$"""{"method":"{{{method}}}","resolution":512,"dtype":"{{{type}}}","digests":{}}""");

    public void Dispose() => Directory.Delete(_path, recursive: true);

    public void Write(string name, string text)
    {
        var path = Path.Combine(_path, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    /// <summary>Writes a file of float16 tensors.</summary>
    /// <returns>Number of tensors.</returns>
    public int Add(string name, IEnumerable<(string Name, long[] Shape)> tensors)
    {
        long end = 0;
        var header = new Dictionary<string, object>();
        foreach (var (tensor, shape) in tensors)
        {
            var start = end;
            end += 2 * shape.Aggregate(1L, (a, b) => a * b);
            header.Add(tensor, new { dtype = "F16", shape, data_offsets = new[] { start, end } });
        }
        Write(name, "");
        using var file = File.Open(Path.Combine(_path, name), FileMode.Open);
        var json = JsonSerializer.SerializeToUtf8Bytes(header);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        file.Write(length);
        file.Write(json);
        file.SetLength(8 + json.Length + end);
        return header.Count;
    }

    /// <summary>The tensors of a manifest.</summary>
    public static IEnumerable<(string Name, long[] Shape)> Manifest(string name)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(FixtureFolder.Manifest(name)));
        return [.. json.RootElement.GetProperty("tensors").EnumerateObject().Select(t => (t.Name, t.Value.EnumerateArray().Select(s => s.GetInt64()).ToArray()))];
    }

    /// <summary>The configuration of a manifest.</summary>
    public static string Config(string name)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(FixtureFolder.Manifest(name)));
        return json.RootElement.GetProperty("config").GetRawText();
    }

    /// <summary>Compares every network with its file.</summary>
    /// <returns>Number of tensors and bytes of each network as it is loaded.</returns>
    public IReadOnlyDictionary<string, (int Tensors, long Bytes)> Verify()
    {
        var verifier = new PartVerifier();
        // Digests of gigabytes of zeros would say nothing.
        EditMethods.ReadAll(MethodFolder.Open(_path, trustsFiles: true), verifier).Where(p => !p.Contains("tokenizer", StringComparison.Ordinal)).ShouldBeEmpty();
        verifier.Parts.SelectMany(p => p.Problems).ShouldBeEmpty();
        return verifier.Parts.ToDictionary(p => p.Name, p => (p.Tensors, p.Bytes));
    }
}
