using static TorchSharp.torch;

namespace FlexEdit.Models.Schedulers;

/// <summary>DPM-Solver++ 2M (Lu et al. 2022, "DPM-Solver++", algorithm 2), and its first order, which is DDIM.</summary>
public sealed class DpmSolverScheduler : MultistepScheduler
{
    private const int FewSteps = 15;
    private readonly bool _heun;

    /// <inheritdoc cref="SchedulerCatalog.Create"/>
    public DpmSolverScheduler(SchedulerConfig config)
        : base(config)
    {
        if (config.AlgorithmType != "dpmsolver++")
            throw new NotSupportedException($"algorithm_type \"{config.AlgorithmType}\" is not implemented; dpmsolver++ is.");
        _heun = config.SolverType switch
        {
            "midpoint" => false,
            "heun" => true,
            _ => throw new NotSupportedException($"solver_type \"{config.SolverType}\" is not implemented; midpoint and heun are."),
        };
    }

    private protected override Tensor Next(SamplerState state, Tensor output, Tensor sample, Tensor? noise)
    {
        var clean = Clean(state, output, sample);
        var (now, next) = (LevelOf(state), LevelOf(state, 1));
        var h = next.HalfLogSnr - now.HalfLogSnr;
        var decay = Math.Exp(-h) - 1; // -1 where the next level is clean
        var moved = (sample * (next.Noise / now.Noise)) - (clean * (next.Signal * decay)); // the first line of algorithm 2: DDIM

        if (Config.SolverOrder == 2 && state.Remembered > 0 && !EndsInFirstOrder(state))
        {
            var h0 = now.HalfLogSnr - LevelOf(state, -1).HalfLogSnr;
            var slope = (clean - state.Clean(1)) * (h / h0); // D1: difference quotient of x0 over λ, times h
            var weight = _heun ? -((decay / h) + 1) : 0.5 * decay;
            moved -= slope * (next.Signal * weight);
        }
        state.Remember(clean, depth: 1);
        return moved;
    }

    private bool EndsInFirstOrder(SamplerState state) => state.StepIndex == state.Plan.Steps - 1
        && (Config.EulerAtFinal || (Config.LowerOrderFinal && state.Plan.Steps < FewSteps) || Config.FinalSigma == FinalSigma.Zero);
}
