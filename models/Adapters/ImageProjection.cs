using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlexEdit.Models.Adapters;

/// <summary>IP-Adapter's projection of a picture's CLIP embedding to a few tokens for cross-attention (the base variant; Ye et al. 2023, section 3.2).</summary>
public sealed class ImageProjection : nn.Module<Tensor, Tensor>
{
    private readonly Linear proj;
    private readonly LayerNorm norm;
    private readonly long _width;

    /// <summary>Makes the projection.</summary>
    /// <param name="embeddingWidth">Width of the picture's embedding.</param>
    /// <param name="tokens">Tokens to make: 4 in the published adapters.</param>
    /// <param name="width">Width of a token: that of the UNet's cross-attention states.</param>
    /// <param name="device">Where the weights live.</param>
    public ImageProjection(long embeddingWidth, long tokens, long width, Device? device = null) : base(nameof(ImageProjection))
    {
        _width = width;
        proj = nn.Linear(embeddingWidth, tokens * width, device: device);
        norm = nn.LayerNorm(width, device: device);
        RegisterComponents();
    }

    /// <summary>Maps embeddings [batch, pictures, embedding] to tokens [batch, pictures·tokens, width].</summary>
    public override Tensor forward(Tensor embeddings)
    {
        using var scope = NewDisposeScope();
        return norm.forward(proj.forward(embeddings).view(embeddings.shape[0], -1, _width)).MoveToOuterDisposeScope();
    }
}
