using FlexEdit.Models.Checkpoints;
using static TorchSharp.torch;

namespace FlexEdit.Models.Onnx;

/// <summary>An image encoder in an ONNX file: CLIP with <c>image_embeds</c> and <c>penultimate</c>, or DINOv2 with <c>pooler_output</c> and <c>last_hidden_state</c>.</summary>
public sealed class OnnxPictureEncoder : IPictureEncoder
{
    private readonly OnnxNetwork _network;

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="sha256">Digest that it must have; null: not checked.</param>
    /// <param name="device">Where to compute.</param>
    /// <exception cref="CheckpointException">The file is missing, another one, or no such encoder; or this build has no CUDA provider.</exception>
    public OnnxPictureEncoder(string path, string? sha256 = null, OnnxDevice device = OnnxDevice.Cpu) =>
        _network = new OnnxNetwork(path, sha256, [["image_embeds", "pooler_output"], ["penultimate", "last_hidden_state"]], ScalarType.Float32, device);

    /// <inheritdoc/>
    public EncoderStates Encode(Tensor pixels)
    {
        var outputs = _network.Run(pixels);
        return new EncoderStates(outputs[0], outputs[1]);
    }

    /// <inheritdoc/>
    public void Dispose() => _network.Dispose();
}

/// <summary>CLIP's text encoder in an ONNX file, with <c>text_embeds</c> and <c>last_hidden_state</c>.</summary>
public sealed class OnnxTextEncoder : ITextEncoder
{
    private readonly OnnxNetwork _network;

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="sha256">Digest that it must have; null: not checked.</param>
    /// <param name="device">Where to compute.</param>
    /// <exception cref="CheckpointException">The file is missing, another one, or no such encoder; or this build has no CUDA provider.</exception>
    public OnnxTextEncoder(string path, string? sha256 = null, OnnxDevice device = OnnxDevice.Cpu) =>
        _network = new OnnxNetwork(path, sha256, [["text_embeds"], ["last_hidden_state"]], ScalarType.Int64, device);

    /// <inheritdoc/>
    public EncoderStates Encode(Tensor ids)
    {
        var outputs = _network.Run(ids);
        return new EncoderStates(outputs[0], outputs[1]);
    }

    /// <inheritdoc/>
    public void Dispose() => _network.Dispose();
}
