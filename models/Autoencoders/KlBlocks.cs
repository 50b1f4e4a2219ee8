using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlexEdit.Models.Autoencoders;

/// <summary>One level of the encoder (diffusers' <c>DownEncoderBlock2D</c>).</summary>
internal sealed class KlDownBlock : nn.Module<Tensor, Tensor>
{
    private readonly ModuleList<KlResnetBlock> resnets;
    private readonly ModuleList<KlDownsampler> downsamplers;

    public KlDownBlock(int from, int to, bool halves, AutoencoderKLConfig config, Device? device)
        : base(nameof(KlDownBlock))
    {
        resnets = KlResnetBlock.Row(config.LayersPerBlock, from, to, config.NormNumGroups, device);
        downsamplers = new ModuleList<KlDownsampler>(halves ? [new KlDownsampler(to, device)] : []);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        foreach (var resnet in resnets)
            x = resnet.forward(x);
        foreach (var downsampler in downsamplers)
            x = downsampler.forward(x);
        return x.MoveToOuterDisposeScope();
    }
}

/// <summary>One level of the decoder (diffusers' <c>UpDecoderBlock2D</c>).</summary>
internal sealed class KlUpBlock : nn.Module<Tensor, Tensor>
{
    private readonly ModuleList<KlResnetBlock> resnets;
    private readonly ModuleList<KlUpsampler> upsamplers;

    public KlUpBlock(int from, int to, bool doubles, AutoencoderKLConfig config, Device? device)
        : base(nameof(KlUpBlock))
    {
        resnets = KlResnetBlock.Row(config.LayersPerBlock + 1, from, to, config.NormNumGroups, device);
        upsamplers = new ModuleList<KlUpsampler>(doubles ? [new KlUpsampler(to, device)] : []);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        foreach (var resnet in resnets)
            x = resnet.forward(x);
        foreach (var upsampler in upsamplers)
            x = upsampler.forward(x);
        return x.MoveToOuterDisposeScope();
    }
}
