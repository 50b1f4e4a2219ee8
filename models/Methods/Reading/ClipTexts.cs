using FlexEdit.Models.Clip;
using FlexEdit.Models.Onnx;
using FlexEdit.Models.Tokenizers.Clip;
using static TorchSharp.torch;

namespace FlexEdit.Models.Methods.Reading;

/// <summary>CLIP's frozen text encoder with its tokenizer. Our own network or ONNX Runtime runs it, as the model's card says.</summary>
public sealed class ClipTexts : IDisposable
{
    private readonly IDisposable _owner;
    private readonly Func<Tensor, Tensor> _states;
    private readonly ClipTokenizer _tokenizer;
    private readonly int _length;
    private readonly Device _device;

    private ClipTexts(IDisposable owner, Func<Tensor, Tensor> states, ClipTokenizer tokenizer, ClipTextConfig config, Device device) =>
        (_owner, _states, _tokenizer, _length, _device) = (owner, states, tokenizer, Math.Min(tokenizer.MaximumLength, config.MaxPositionEmbeddings), device);

    /// <summary>Runs our own network.</summary>
    /// <param name="network">Loaded; belongs to this from now on.</param>
    /// <param name="tokenizer">Of the same vocabulary.</param>
    public ClipTexts(ClipTextModel network, ClipTokenizer tokenizer)
        : this(network, ids => network.Forward(ids), tokenizer, network.Config, ClipPictures.WeightOf(network).device)
    {
    }

    /// <summary>Lets ONNX Runtime run a file.</summary>
    /// <param name="encoder">Belongs to this from now on.</param>
    /// <param name="tokenizer">Of the same vocabulary.</param>
    /// <param name="config">The encoder's sizes.</param>
    public ClipTexts(ITextEncoder encoder, ClipTokenizer tokenizer, ClipTextConfig config)
        : this(encoder, ids => Tokens(encoder, ids), tokenizer, config, CPU)
    {
    }

    /// <summary>The last layer's normalised states of a text: [1, T, W], where T is what the network has positions for.</summary>
    public Tensor Embed(string text)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var ids = _tokenizer.EncodePadded(text, _length);
        return _states(tensor(ids, [1, ids.Length], device: _device)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => _owner.Dispose();

    private static Tensor Tokens(ITextEncoder encoder, Tensor ids)
    {
        var states = encoder.Encode(ids);
        states.Pooled.Dispose();
        return states.Tokens;
    }
}
