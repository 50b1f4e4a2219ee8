using FlexEdit.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlexEdit.Models.Clip;

/// <summary>
/// Convolutions beside the patch embedding (Xiao et al. 2021, "Early convolutions help transformers see better"): halvings with a residual block each, until a
/// cell is a patch. No published CLIP encoder has them; a transformer that is trained on few pictures learns names many times sooner with them.
/// </summary>
internal sealed class ClipVisionStem : nn.Module
{
    private const int Groups = 8;
    private readonly ModuleList<SquareConv2d> down;
    private readonly ModuleList<GroupNorm> norms;
    private readonly ModuleList<ClipStemBlock> blocks;
    private readonly SquareConv2d projection;

    /// <summary>Builds the branch; it gives zeros until it has been trained.</summary>
    /// <exception cref="ArgumentException">As many channels as halvings are needed, each a multiple of eight.</exception>
    public ClipVisionStem(ClipVisionConfig config, Device? device, ScalarType? dtype)
        : base(nameof(ClipVisionStem))
    {
        var channels = config.StemChannels!;
        if (config.PatchSize != 1 << channels.Count || channels.Any(c => c <= 0 || c % Groups != 0))
        {
            throw new ArgumentException(
                $"A stem for patches of {config.PatchSize} pixels needs one number of channels for each halving, multiples of {Groups}; stem_channels is [{string.Join(", ", channels)}].", nameof(config));
        }
        down = [];
        norms = [];
        blocks = [];
        for (var i = 0; i < channels.Count; i++)
        {
            down.Add(new SquareConv2d(i == 0 ? config.NumChannels : channels[i - 1], channels[i], 3, stride: 2, padding: 1, bias: false, device: device, dtype: dtype));
            norms.Add(ClipStemBlock.Norm(channels[i], device, dtype));
            // A block at half of the picture's side costs more than all others together.
            if (i > 0)
                blocks.Add(new ClipStemBlock(channels[i], device, dtype));
        }
        projection = new SquareConv2d(channels[^1], config.HiddenSize, 1, bias: false, device: device, dtype: dtype);
        ClearProjection();
        RegisterComponents();
    }

    /// <summary>[batch, channels, side, side] to [batch, width, side / patch, side / patch].</summary>
    public Tensor Forward(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        var map = pixels;
        for (var i = 0; i < down.Count; i++)
        {
            map = nn.functional.silu(norms[i].call(down[i].call(map)));
            if (i > 0)
                map = blocks[i - 1].Forward(map);
        }
        return projection.call(map).MoveToOuterDisposeScope();
    }

    /// <summary>Sets the last weights to zero, so that an encoder begins as it was without the branch.</summary>
    public void ClearProjection()
    {
        using var noGrad = no_grad();
        nn.init.zeros_(projection.Weight);
    }
}

/// <summary>A pre-activation residual block with group norms.</summary>
internal sealed class ClipStemBlock : nn.Module
{
    private readonly GroupNorm norm1, norm2;
    private readonly SquareConv2d conv1, conv2;

    public ClipStemBlock(int channels, Device? device, ScalarType? dtype)
        : base(nameof(ClipStemBlock))
    {
        norm1 = Norm(channels, device, dtype);
        conv1 = new SquareConv2d(channels, channels, 3, padding: 1, bias: false, device: device, dtype: dtype);
        norm2 = Norm(channels, device, dtype);
        conv2 = new SquareConv2d(channels, channels, 3, padding: 1, bias: false, device: device, dtype: dtype);
        RegisterComponents();
    }

    public Tensor Forward(Tensor map)
    {
        using var scope = NewDisposeScope();
        var inner = conv1.call(nn.functional.silu(norm1.call(map)));
        return (map + conv2.call(nn.functional.silu(norm2.call(inner)))).MoveToOuterDisposeScope();
    }

    // TorchSharp 0.107 leaves the weight and bias of a group norm uninitialised.
    internal static GroupNorm Norm(int channels, Device? device, ScalarType? dtype)
    {
        var norm = nn.GroupNorm(8, channels, device: device, dtype: dtype);
        nn.init.ones_(norm.weight!);
        nn.init.zeros_(norm.bias!);
        return norm;
    }
}
