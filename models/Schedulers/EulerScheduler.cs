using static TorchSharp.torch;

namespace FlexEdit.Models.Schedulers;

/// <summary>Euler steps of the probability flow (Karras et al. 2022, algorithm 1 with σ(t) = t and s(t) = 1, without its second-order correction).</summary>
public sealed class EulerScheduler : SigmaScheduler
{
    /// <inheritdoc cref="SchedulerCatalog.Create"/>
    public EulerScheduler(SchedulerConfig config)
        : base(config)
    {
    }

    private protected override Tensor Next(SamplerState state, Tensor output, Tensor sample, Tensor? noise)
    {
        var (sigma, next) = SigmasOf(state);
        var derivative = (sample - Clean(state, output, sample)) / sigma;
        return sample + (derivative * (next - sigma));
    }
}
