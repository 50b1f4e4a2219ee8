using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlexEdit.Models.Unet;

/// <summary>Self-attention, cross-attention and feed-forward, each after a layer norm and beside a shortcut.</summary>
public sealed class BasicTransformerBlock : nn.Module<Tensor, CrossAttentionCache, Tensor>
{
    private readonly LayerNorm norm1;
    private readonly Attention attn1;
    private readonly LayerNorm norm2;
    private readonly Attention attn2;
    private readonly LayerNorm norm3;
    private readonly FeedForward ff;

    /// <summary>Makes the block for states of a width, looking at states of another.</summary>
    public BasicTransformerBlock(int width, int heads, int contextWidth, Device? device) : base(nameof(BasicTransformerBlock))
    {
        norm1 = nn.LayerNorm(width, device: device);
        attn1 = new Attention(width, heads, width, device);
        norm2 = nn.LayerNorm(width, device: device);
        attn2 = new Attention(width, heads, contextWidth, device);
        norm3 = nn.LayerNorm(width, device: device);
        ff = new FeedForward(width, device);
        RegisterComponents();
    }

    /// <summary>The cross-attention.</summary>
    public Attention CrossAttention => attn2;

    /// <summary>[batch, length, width] to the same; the cache has this layer's keys and values.</summary>
    public override Tensor forward(Tensor hidden, CrossAttentionCache cache)
    {
        using var scope = NewDisposeScope();
        hidden = hidden + attn1.forward(norm1.forward(hidden));
        hidden = hidden + attn2.forward(norm2.forward(hidden), cache.Layers[attn2.Layer], cache.SubjectScale);
        return (hidden + ff.forward(norm3.forward(hidden))).MoveToOuterDisposeScope();
    }
}
