using System.Text.Json;
using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Layers;
using FlexEdit.Models.Onnx;
using FlexEdit.Models.Tokenizers.SentencePiece;
using static TorchSharp.torch;

namespace FlexEdit.Models.Methods;

/// <summary>A model on disk as its <c>card.json</c> describes it: method, resolution, type, digests, and where published files lie. Loads no weights.</summary>
public sealed class MethodFolder
{
    /// <summary>Name of the card.</summary>
    public const string CardFile = "card.json";

    private readonly JsonElement _card;
    private readonly string _device;

    private MethodFolder(string path, JsonElement card, bool trustsFiles, Placement placement)
    {
        (Path, _card, TrustsFiles) = (path, card, trustsFiles);
        _device = placement.Device ?? Text("device") ?? "cpu";
        Method = Text("method") ?? throw new CheckpointException($"The card of '{path}' names no 'method'.");
        Resolution = card.TryGetProperty("resolution", out var side) && side.TryGetInt32(out var pixels) && pixels is >= 8 and <= 4096 ? pixels
            : throw new CheckpointException($"The card of '{path}' has no 'resolution' between 8 and 4096.");
        Type = (placement.Type ?? Text("dtype")) switch
        {
            null or "float32" => ScalarType.Float32,
            "bfloat16" => ScalarType.BFloat16,
            "float16" => ScalarType.Float16,
            var other => throw new CheckpointException($"The card of '{path}' or the configuration has the dtype '{other}'; known are float32, bfloat16 and float16."),
        };
        Digests = card.TryGetProperty("digests", out var digests) && digests.ValueKind == JsonValueKind.Object
            ? digests.EnumerateObject().ToDictionary(d => d.Name, d => d.Value.ValueKind == JsonValueKind.String ? d.Value.GetString()! : "", StringComparer.Ordinal)
            : throw new CheckpointException($"The card of '{path}' has no 'digests'.");
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>What edits with it: one of <see cref="EditMethods.Names"/>.</summary>
    public string Method { get; }

    /// <summary>Side R of the square crop in pixels.</summary>
    public int Resolution { get; }

    /// <summary>Type that the large networks are kept in.</summary>
    public ScalarType Type { get; }

    /// <summary>Where the networks are loaded and compute.</summary>
    /// <exception cref="CheckpointException">There is no such device here; the message says what to do.</exception>
    public Device Device() => Placement.Find(_device);

    /// <summary>SHA-256 by path relative to the folder.</summary>
    public IReadOnlyDictionary<string, string> Digests { get; }

    /// <summary>Whether files are read without comparing digests, because whoever opened the folder compares them itself.</summary>
    public bool TrustsFiles { get; }

    /// <summary>Opens a folder; reads nothing but its card.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="trustsFiles">Leaves digests uncompared.</param>
    /// <param name="placement">What the configuration says instead of the card; null for nothing.</param>
    /// <exception cref="CheckpointException">The card is missing or is not one; the message says why.</exception>
    public static MethodFolder Open(string path, bool trustsFiles = false, Placement? placement = null)
    {
        try
        {
            using var card = JsonDocument.Parse(File.ReadAllBytes(System.IO.Path.Combine(path, CardFile)), new JsonDocumentOptions { MaxDepth = 16 });
            return card.RootElement.ValueKind == JsonValueKind.Object ? new MethodFolder(path, card.RootElement.Clone(), trustsFiles, placement ?? new Placement())
                : throw new CheckpointException($"The card of '{path}' is not a JSON object.");
        }
        catch (Exception problem) when (problem is IOException or JsonException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"'{path}' is not a model folder: {problem.Message}", problem);
        }
    }

    /// <summary>A text of the card; null where it has none.</summary>
    public string? Text(string name) => _card.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>The card's entry of a frozen encoder that ONNX Runtime is to run (<c>encoders</c>, by the name of the network in whose place it stands), its digest compared; null where our own network runs.</summary>
    /// <exception cref="CheckpointException">The entry is not one, or names no ONNX file; or the file is missing or is not the one that the card names.</exception>
    public EncoderCard? OnnxEncoder(string name)
    {
        if (!_card.TryGetProperty("encoders", out var encoders))
            return null;
        try
        {
            if (encoders.EnumerateObject().FirstOrDefault(e => e.Name == name).Value is not { ValueKind: not JsonValueKind.Undefined } entry)
                return null;
            var card = PublishedConfig.Parse<EncoderCard>(entry.GetRawText());
            if (!card.IsOnnx)
                throw new CheckpointException($"The card of '{Path}' chooses '{card.File}' as the encoder '{name}'; an entry names an .onnx file, and without one our own network reads the folder's safetensors.");
            Checked(card.File);
            return card;
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            throw new CheckpointException($"The card of '{Path}' has 'encoders' that cannot be read: {problem.Message}", problem);
        }
    }

    /// <summary>Path of a file in the folder.</summary>
    /// <exception cref="CheckpointException">The name leads out of the folder.</exception>
    public string At(string name)
    {
        var root = System.IO.Path.GetFullPath(Path) + System.IO.Path.DirectorySeparatorChar;
        var path = System.IO.Path.GetFullPath(System.IO.Path.Combine(root, name));
        return path.StartsWith(root, StringComparison.Ordinal) ? path : throw new CheckpointException($"The card's file '{name}' is not inside '{Path}'.");
    }

    /// <summary>Reads a small file after comparing its digest.</summary>
    /// <exception cref="CheckpointException">It is missing, or is not the file that the card names.</exception>
    public string ReadText(string name) => File.ReadAllText(Checked(name));

    /// <summary>A configuration in the folder.</summary>
    /// <param name="name">Its file.</param>
    /// <param name="parse">Reads its text.</param>
    /// <param name="published">Stands in where there is no such file; null where it is needed.</param>
    /// <exception cref="CheckpointException">It is missing, is not the file that the card names, or cannot be used.</exception>
    public T Config<T>(string name, Func<string, T> parse, Func<T>? published = null)
    {
        if (published is not null && !File.Exists(At(name)))
            return published();
        try
        {
            return parse(ReadText(name));
        }
        catch (Exception problem) when (problem is JsonException or NotSupportedException or ArgumentException)
        {
            throw new CheckpointException($"'{At(name)}' cannot be used: {problem.Message}", problem);
        }
    }

    /// <summary>Path of a file after comparing its digest.</summary>
    /// <exception cref="CheckpointException">It is missing, or is not the file that the card names.</exception>
    public string Checked(string name)
    {
        var path = At(name);
        if (!File.Exists(path))
            throw new CheckpointException($"'{path}' is missing.");
        if (TrustsFiles)
            return path;
        if (!Digests.TryGetValue(name, out var wanted))
            throw new CheckpointException($"The card of '{Path}' gives no digest of '{name}'; 'flexedit models verify --record' adds it.");
        var found = Digest.Of(path);
        return string.Equals(found, wanted, StringComparison.OrdinalIgnoreCase) ? path
            : throw new CheckpointException($"'{path}' is not the file that the card names: its SHA-256 is {found}, the card says {wanted}.");
    }

    /// <summary>Opens a folder of weights below this one, or a single file, after comparing digests.</summary>
    /// <exception cref="CheckpointException">They are missing, not sound, or not the files that the card names.</exception>
    public ICheckpoint OpenWeights(string name)
    {
        var path = At(name);
        var folder = Directory.Exists(path) ? name + "/" : name.Contains('/') ? name[..(name.LastIndexOf('/') + 1)] : "";
        return Checkpoint.Open(path, TrustsFiles ? null : Below(folder), allDigests: !TrustsFiles);
    }

    /// <summary>The digests of the files below a folder, by their paths within it.</summary>
    public IReadOnlyDictionary<string, string> Below(string folder) =>
        Digests.Where(d => d.Key.StartsWith(folder, StringComparison.Ordinal)).ToDictionary(d => d.Key[folder.Length..], d => d.Value, StringComparer.Ordinal);

    /// <summary>The folder's <c>tokenizer.model</c>.</summary>
    /// <param name="added">Ids of the control tokens that were added to it.</param>
    /// <exception cref="CheckpointException">It is missing, is not the file that the card names, or cannot be used.</exception>
    public LlamaTokenizer LlamaTokenizer(IEnumerable<KeyValuePair<string, long>> added)
    {
        try
        {
            return Tokenizers.SentencePiece.LlamaTokenizer.Open(Checked("tokenizer.model"), added.ToDictionary(StringComparer.Ordinal));
        }
        catch (Exception problem) when (problem is IOException or InvalidDataException)
        {
            throw new CheckpointException(problem.Message, problem);
        }
    }
}
