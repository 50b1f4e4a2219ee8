using System.Text.Json;
using FlexEdit.Models.Checkpoints;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Parity.Fixtures;

/// <summary>One case of the reference outputs. Sizes, names and steps come from its files, never from its folder's name.</summary>
public sealed class FixtureCase : IDisposable
{
    private readonly Dictionary<string, SafetensorsFile> _files = new(StringComparer.Ordinal);
    private readonly Lazy<JsonElement> _config;

    private FixtureCase(string name)
    {
        Name = name;
        Folder = Path.Combine(FixtureFolder.Root, name);
        Json = ReadJson("case.json");
        _config = new(() => ReadJson("config.json"));
    }

    /// <summary>The name of the case's folder.</summary>
    public string Name { get; }

    /// <summary>The case's folder.</summary>
    public string Folder { get; }

    /// <summary>All of <c>case.json</c>.</summary>
    public JsonElement Json { get; }

    /// <summary>All of <c>config.json</c>.</summary>
    public JsonElement Config => _config.Value;

    /// <summary>Largest absolute error divided by the largest absolute reference value that the case allows.</summary>
    public double Tolerance => Json.GetProperty("tolerance").GetDouble();

    /// <summary>The weights, <c>model.safetensors</c>.</summary>
    public SafetensorsFile Model => Tensors("model.safetensors");

    /// <summary>The inputs, <c>inputs.safetensors</c>.</summary>
    public SafetensorsFile Inputs => Tensors("inputs.safetensors");

    /// <summary>The reference outputs, <c>outputs.safetensors</c>.</summary>
    public SafetensorsFile Outputs => Tensors("outputs.safetensors");

    /// <summary>Opens the case of a folder name that <see cref="FixtureCasesAttribute"/> gave.</summary>
    public static FixtureCase Open(string name)
    {
        var fixture = new FixtureCase(name);
        ParityRecord.Open(fixture);
        return fixture;
    }

    /// <summary>Path of another of the case's files.</summary>
    public string File(string name) => Path.Combine(Folder, name);

    /// <summary>One of the inputs, in new memory.</summary>
    public Tensor Input(string name) => Inputs.Read(name);

    /// <summary>One of the reference outputs, in new memory.</summary>
    public Tensor Output(string name) => Outputs.Read(name);

    /// <inheritdoc/>
    public void Dispose()
    {
        ParityRecord.Close(this);
        foreach (var file in _files.Values)
            file.Dispose();
    }

    internal static string KindOf(string name) => Read(name, root => root.GetProperty("kind").GetString()!);

    internal static double ToleranceOf(string name) => Read(name, root => root.GetProperty("tolerance").GetDouble());

    private static T Read<T>(string name, Func<JsonElement, T> read)
    {
        using var file = JsonDocument.Parse(System.IO.File.ReadAllBytes(Path.Combine(FixtureFolder.Root, name, "case.json")));
        return read(file.RootElement);
    }

    private JsonElement ReadJson(string name)
    {
        using var document = JsonDocument.Parse(System.IO.File.ReadAllBytes(File(name)));
        return document.RootElement.Clone();
    }

    private SafetensorsFile Tensors(string name)
    {
        if (!_files.TryGetValue(name, out var file))
            _files.Add(name, file = SafetensorsFile.Open(File(name)));
        return file;
    }
}
