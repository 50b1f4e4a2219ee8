using static TorchSharp.torch;

namespace FlexEdit.Models.Schedulers;

/// <summary>
/// Euler steps to a lower noise level than the next one, and fresh noise up to it: the ancestral sampler of Song et al. 2021,
/// "Score-Based Generative Modeling", appendix F, on the noise levels of Karras et al. 2022.
/// </summary>
public sealed class EulerAncestralScheduler : SigmaScheduler
{
    /// <inheritdoc cref="SchedulerCatalog.Create"/>
    public EulerAncestralScheduler(SchedulerConfig config)
        : base(config)
    {
        if (config.UseKarrasSigmas || config.FinalSigma != FinalSigma.Zero)
            throw new NotSupportedException($"{config.ClassName} has neither use_karras_sigmas nor another final_sigmas_type than zero.");
    }

    /// <inheritdoc/>
    public override bool DrawsNoise(SamplerState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        return SigmasOf(state).Next > 0;
    }

    private protected override Tensor Next(SamplerState state, Tensor output, Tensor sample, Tensor? noise)
    {
        var (sigma, next) = SigmasOf(state);
        var up = Math.Sqrt(next * next * ((sigma * sigma) - (next * next)) / (sigma * sigma));
        var down = Math.Sqrt((next * next) - (up * up));
        var derivative = (sample - Clean(state, output, sample)) / sigma;
        var moved = sample + (derivative * (down - sigma));
        return noise is null || up == 0 ? moved : moved + (noise * up);
    }
}
