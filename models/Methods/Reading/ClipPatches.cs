using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Clip;
using FlexEdit.Models.Onnx;
using static TorchSharp.torch;

namespace FlexEdit.Models.Methods.Reading;

/// <summary>The frozen CLIP image encoder of a painting half: the patches of a crop in front of any projector. Our own network or ONNX Runtime runs it, as the model's card says.</summary>
public sealed class ClipPatches : IDisposable
{
    private readonly IDisposable _owner;
    private readonly Func<Tensor, Tensor> _states;
    private readonly ClipVisionConfig _config;
    private readonly int _side;
    private readonly Tensor _like;

    /// <summary>Runs our own network.</summary>
    /// <param name="network">Loaded; belongs to this from now on.</param>
    /// <param name="layer">Which hidden state is read; see <see cref="ClipEncoder.LayersFor"/>.</param>
    /// <param name="side">Side of the crops in pixels.</param>
    public ClipPatches(ClipVisionModel network, int layer, int side)
        : this(network, pixels => network.HiddenState(pixels, layer), network.Config, side, ClipPictures.WeightOf(network).alias().DetachFromDisposeScope())
    {
    }

    private ClipPatches(IDisposable owner, Func<Tensor, Tensor> states, ClipVisionConfig config, int side, Tensor like) =>
        (_owner, _states, _config, _side, _like) = (owner, states, config, side, like);

    /// <summary>Lets ONNX Runtime run a file.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="card">The card's entry of the encoder.</param>
    /// <param name="config">The encoder's sizes.</param>
    /// <param name="layer">Which hidden state is read; a file gives the last but one.</param>
    /// <exception cref="CheckpointException">The file is missing, another one, or no such encoder; another state is wanted; or there is no such provider here.</exception>
    public static ClipPatches FromOnnx(MethodFolder folder, EncoderCard card, ClipVisionConfig config, int layer)
    {
        if (layer != -2 && layer != config.NumHiddenLayers - 1)
            throw new CheckpointException($"'{folder.Path}' reads hidden state {layer} of its image encoder; an ONNX file gives the last but one (-2).");
        var encoder = card.OpenPictures(folder.Path, card.DeviceFor(folder.Device()));
        return new ClipPatches(encoder, pixels => Tokens(encoder, pixels), config, folder.Resolution, empty(0, ScalarType.Float32).DetachFromDisposeScope());
    }

    /// <summary>The patches of a crop without the class token, row by row: [1, patches, width].</summary>
    /// <param name="crop">side·side·3 bytes RGB.</param>
    public Tensor Of(byte[] crop)
    {
        using var scope = NewDisposeScope();
        return Patches(ClipPictures.Ready([crop], _side, _config, _like)).MoveToOuterDisposeScope();
    }

    /// <summary>The patches of no picture: those of pixels that are zero when they are normalised, as IP-Adapter drops its picture (Ye et al. 2023, section 3.2). [1, patches, width].</summary>
    public Tensor OfNothing()
    {
        using var scope = NewDisposeScope();
        return Patches(zeros([1, _config.NumChannels, _config.ImageSize, _config.ImageSize], _like.dtype, _like.device)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _like.Dispose();
        _owner.Dispose();
    }

    private Tensor Patches(Tensor pixels)
    {
        var states = _states(pixels);
        if (states.shape[1] != _config.Patches() + 1 || states.shape[2] != _config.HiddenSize)
            throw new InvalidOperationException($"The image encoder gives [{string.Join(", ", states.shape)}]; its configuration says {_config.Patches()} patches of {_config.HiddenSize}.");
        return states.narrow(1, 1, states.shape[1] - 1).clone();
    }

    private static Tensor Tokens(IPictureEncoder encoder, Tensor pixels)
    {
        var states = encoder.Encode(pixels);
        states.Pooled.Dispose();
        return states.Tokens;
    }
}
