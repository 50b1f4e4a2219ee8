using System.Text.Json;
using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Clip;
using FlexEdit.Models.Dino;
using FlexEdit.Models.Layers;

namespace FlexEdit.Models.Onnx;

/// <summary>
/// An entry of a model card's <c>encoders</c>: which frozen encoder, and from which file. The file's extension chooses what runs it:
/// <c>.onnx</c> ONNX Runtime, <c>.safetensors</c> our own network with the sizes of <see cref="Config"/>.
/// </summary>
public sealed record EncoderCard
{
    /// <summary><c>clip-vision</c>, <c>clip-text</c> or <c>dinov2</c>.</summary>
    public required string Kind { get; init; }
    /// <summary>The weights, relative to the model's folder.</summary>
    public required string File { get; init; }
    /// <summary>The published <c>config.json</c>, relative to the model's folder; needed for safetensors.</summary>
    public string? Config { get; init; }
    /// <summary>Digest of <see cref="File"/>; null: not checked.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Where an ONNX file is computed: <c>cpu</c> or <c>cuda</c>; null for where the model's networks are.</summary>
    public string? Provider { get; init; }

    /// <summary>Whether ONNX Runtime runs it.</summary>
    public bool IsOnnx => Path.GetExtension(File).Equals(".onnx", StringComparison.OrdinalIgnoreCase);

    /// <summary>The provider, where the model's networks are on a device.</summary>
    /// <exception cref="CheckpointException">The provider is not known.</exception>
    public OnnxDevice DeviceFor(TorchSharp.torch.Device device) => Provider switch
    {
        null => device.type == TorchSharp.DeviceType.CUDA ? OnnxDevice.Cuda : OnnxDevice.Cpu,
        "cpu" => OnnxDevice.Cpu,
        "cuda" => OnnxDevice.Cuda,
        _ => throw new CheckpointException($"The encoder '{File}' has the provider '{Provider}'; known are cpu and cuda."),
    };

    /// <summary>Opens an image encoder.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="device">Where an ONNX file is computed.</param>
    /// <exception cref="CheckpointException">A file is missing or does not fit, or the entry is not one of an image encoder.</exception>
    public IPictureEncoder OpenPictures(string folder, OnnxDevice device = OnnxDevice.Cpu)
    {
        if (Kind is not ("clip-vision" or "dinov2"))
            throw new CheckpointException($"'{Kind}' is no image encoder; the kinds are clip-vision and dinov2.");
        if (IsOnnx)
            return new OnnxPictureEncoder(PathOf(folder, File), Sha256, device);
        if (Kind == "dinov2")
        {
            var dino = new DinoV2Model(ReadConfig<DinoV2Config>(folder));
            Load(dino, folder, null);
            return new DinoPictureEncoder(dino);
        }
        var clip = new ClipVisionModelWithProjection(ReadConfig<ClipVisionConfig>(folder));
        Load(clip, folder, ClipNames.InNetwork);
        return new ClipPictureEncoder(clip);
    }

    /// <summary>Opens a text encoder.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="device">Where an ONNX file is computed.</param>
    /// <exception cref="CheckpointException">A file is missing or does not fit, or the entry is not one of a text encoder.</exception>
    public ITextEncoder OpenTexts(string folder, OnnxDevice device = OnnxDevice.Cpu)
    {
        if (Kind != "clip-text")
            throw new CheckpointException($"'{Kind}' is no text encoder; the kind is clip-text.");
        if (IsOnnx)
            return new OnnxTextEncoder(PathOf(folder, File), Sha256, device);
        var network = new ClipTextModelWithProjection(ReadConfig<ClipTextConfig>(folder));
        Load(network, folder, ClipNames.InNetwork);
        return new ClipTextEncoder(network);
    }

    private void Load(TorchSharp.torch.nn.Module network, string folder, Func<string, string?>? rename)
    {
        var path = PathOf(folder, File);
        using var weights = Checkpoint.Open(path, Sha256 is null ? null : new Dictionary<string, string> { [Path.GetFileName(path)] = Sha256 });
        StateDict.Load(network, weights, rename: rename);
        network.eval();
    }

    private T ReadConfig<T>(string folder)
        where T : class
    {
        var path = PathOf(folder, Config ?? throw new CheckpointException($"The encoder '{File}' has no 'config', which safetensors weights need."));
        try
        {
            return PublishedConfig.Parse<T>(System.IO.File.ReadAllText(path));
        }
        catch (Exception problem) when (problem is JsonException or IOException)
        {
            throw new CheckpointException($"The encoder's configuration '{path}' cannot be read: {problem.Message}", problem);
        }
    }

    // A card never reaches out of its folder.
    private static string PathOf(string folder, string name)
    {
        var root = Path.GetFullPath(folder) + Path.DirectorySeparatorChar;
        var path = Path.GetFullPath(Path.Combine(root, name));
        return path.StartsWith(root, StringComparison.Ordinal) ? path : throw new CheckpointException($"The encoder's file '{name}' is not inside '{folder}'.");
    }
}
