using FlexEdit.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlexEdit.Evaluation.Judges;

/// <summary>
/// The small convolutional network of both judges: residual blocks with group norms at an eighth … a sixteenth of the picture's side. The edited
/// models are transformers and see 16-pixel patches, so that a judge does not share their blind spots.
/// </summary>
public sealed class JudgeTrunk : nn.Module
{
    /// <summary>Side of the pictures that the judges were trained on, pixels.</summary>
    public const int Side = 64;

    /// <summary>Channels of the last map, and of <see cref="Pool"/>.</summary>
    public const int Width = 112;

    private const int Groups = 8;
    private readonly SquareConv2d stem1;
    private readonly GroupNorm stem1_norm;
    private readonly SquareConv2d stem2;
    private readonly JudgeBlock block1;
    private readonly SquareConv2d down1;
    private readonly JudgeBlock block2;
    private readonly SquareConv2d down2;
    private readonly JudgeBlock block3;
    private readonly GroupNorm norm;

    /// <summary>Builds the network; its weights are random until they are loaded.</summary>
    public JudgeTrunk()
        : base(nameof(JudgeTrunk))
    {
        stem1 = new SquareConv2d(3, 24, 3, stride: 2, padding: 1);
        stem1_norm = Norm(24);
        stem2 = new SquareConv2d(24, 48, 3, stride: 2, padding: 1);
        block1 = new JudgeBlock(48);
        down1 = new SquareConv2d(48, 80, 3, stride: 2, padding: 1);
        block2 = new JudgeBlock(80);
        down2 = new SquareConv2d(80, Width, 3, stride: 2, padding: 1);
        block3 = new JudgeBlock(Width);
        norm = Norm(Width);
        RegisterComponents();
    }

    /// <summary>[batch, 3, H, W] in [-1, 1], sides of at least 32, to maps of falling size: [batch, 48 | 80 | 112, H/4 | H/8 | H/16, …].</summary>
    public IReadOnlyList<Tensor> Maps(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        var first = block1.Forward(stem2.call(nn.functional.relu(stem1_norm.call(stem1.call(pixels)))));
        var second = block2.Forward(down1.call(first));
        var third = nn.functional.relu(norm.call(block3.Forward(down2.call(second))));
        return [first.MoveToOuterDisposeScope(), second.MoveToOuterDisposeScope(), third.MoveToOuterDisposeScope()];
    }

    /// <summary>The mean over the last map: [batch, <see cref="Width"/>].</summary>
    /// <inheritdoc cref="Maps"/>
    public Tensor Pool(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        return Maps(pixels)[^1].mean([2, 3]).MoveToOuterDisposeScope();
    }

    // TorchSharp 0.107 leaves the weight and bias of a group norm uninitialised.
    internal static GroupNorm Norm(int channels)
    {
        var norm = nn.GroupNorm(Groups, channels);
        nn.init.ones_(norm.weight!);
        nn.init.zeros_(norm.bias!);
        return norm;
    }
}

/// <summary>A pre-activation residual block (He et al. 2016, figure 1b), with group norms.</summary>
internal sealed class JudgeBlock : nn.Module
{
    private readonly GroupNorm norm1;
    private readonly SquareConv2d conv1;
    private readonly GroupNorm norm2;
    private readonly SquareConv2d conv2;

    public JudgeBlock(int channels)
        : base(nameof(JudgeBlock))
    {
        norm1 = JudgeTrunk.Norm(channels);
        conv1 = new SquareConv2d(channels, channels, 3, padding: 1, bias: false);
        norm2 = JudgeTrunk.Norm(channels);
        conv2 = new SquareConv2d(channels, channels, 3, padding: 1, bias: false);
        RegisterComponents();
    }

    public Tensor Forward(Tensor map)
    {
        using var scope = NewDisposeScope();
        var inner = conv1.call(nn.functional.relu(norm1.call(map)));
        return (map + conv2.call(nn.functional.relu(norm2.call(inner)))).MoveToOuterDisposeScope();
    }
}
