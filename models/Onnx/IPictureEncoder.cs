using static TorchSharp.torch;

namespace FlexEdit.Models.Onnx;

/// <summary>
/// A frozen image encoder, whatever runs it: our own network or ONNX Runtime. Not thread-safe.
/// </summary>
public interface IPictureEncoder : IDisposable
{
    /// <summary>Encodes pictures.</summary>
    /// <param name="pixels">[B, 3, H, W], float32, resized and normalised as the encoder wants it.</param>
    /// <returns>
    /// CLIP: the vector in the joint space, not normalised, and the penultimate layer's states with the class token first.
    /// DINOv2: the normalised class token, and all normalised states. The caller disposes of both.
    /// </returns>
    EncoderStates Encode(Tensor pixels);
}

/// <summary>A frozen text encoder, whatever runs it: our own network or ONNX Runtime. Not thread-safe.</summary>
public interface ITextEncoder : IDisposable
{
    /// <summary>Encodes texts.</summary>
    /// <param name="ids">[B, T], int64, begun, ended and padded as the encoder wants it.</param>
    /// <returns>CLIP: the vector in the joint space, not normalised, and the last layer's normalised states. The caller disposes of both.</returns>
    EncoderStates Encode(Tensor ids);
}

/// <summary>What an encoder makes of its input; float32, on the CPU.</summary>
/// <param name="Pooled">[B, D]: one vector for each input.</param>
/// <param name="Tokens">[B, T, W]: one vector for each token or patch.</param>
public sealed record EncoderStates(Tensor Pooled, Tensor Tokens) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        Pooled.Dispose();
        Tokens.Dispose();
    }
}
