using FlexEdit.Models.Clip;
using FlexEdit.Models.Dino;
using static TorchSharp.torch;

namespace FlexEdit.Models.Onnx;

/// <summary>CLIP's image encoder as our own network.</summary>
/// <param name="network">Loaded; belongs to this encoder from now on.</param>
public sealed class ClipPictureEncoder(ClipVisionModelWithProjection network) : IPictureEncoder
{
    /// <inheritdoc/>
    public EncoderStates Encode(Tensor pixels)
    {
        using var noGrad = no_grad();
        return new EncoderStates(network.Embed(pixels), network.HiddenState(pixels, -2));
    }

    /// <inheritdoc/>
    public void Dispose() => network.Dispose();
}

/// <summary>CLIP's text encoder as our own network.</summary>
/// <param name="network">Loaded; belongs to this encoder from now on.</param>
public sealed class ClipTextEncoder(ClipTextModelWithProjection network) : ITextEncoder
{
    /// <inheritdoc/>
    public EncoderStates Encode(Tensor ids)
    {
        using var noGrad = no_grad();
        return new EncoderStates(network.Embed(ids), network.Forward(ids));
    }

    /// <inheritdoc/>
    public void Dispose() => network.Dispose();
}

/// <summary>DINOv2 as our own network.</summary>
/// <param name="network">Loaded; belongs to this encoder from now on.</param>
public sealed class DinoPictureEncoder(DinoV2Model network) : IPictureEncoder
{
    /// <inheritdoc/>
    public EncoderStates Encode(Tensor pixels)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var states = network.Forward(pixels);
        return new EncoderStates(states.select(1, 0).clone().MoveToOuterDisposeScope(), states.MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public void Dispose() => network.Dispose();
}
