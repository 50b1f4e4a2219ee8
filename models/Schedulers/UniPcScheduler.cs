using static TorchSharp.torch;

namespace FlexEdit.Models.Schedulers;

/// <summary>
/// UniPC (Zhao et al. 2023, "UniPC: A Unified Predictor-Corrector Framework"), up to second order, on predictions of x0:
/// every evaluation first corrects the step that led to it (algorithm 1, UniC) and then predicts the next (algorithm 2, UniP).
/// </summary>
public sealed class UniPcScheduler : MultistepScheduler
{
    private readonly bool _bh1;

    /// <inheritdoc cref="SchedulerCatalog.Create"/>
    public UniPcScheduler(SchedulerConfig config)
        : base(config)
    {
        _bh1 = config.SolverType switch
        {
            "bh1" => true,
            "bh2" or "midpoint" or "heun" or "logrho" => false, // the published class turns the other solvers' names into bh2
            _ => throw new NotSupportedException($"solver_type \"{config.SolverType}\" is not implemented; bh1 and bh2 are."),
        };
    }

    private protected override Tensor Next(SamplerState state, Tensor output, Tensor sample, Tensor? noise)
    {
        var clean = Clean(state, output, sample);
        if (state.PreviousSample is { } from && !Config.DisableCorrector.Contains(state.StepIndex - 1))
            sample = Correct(state, clean, from);

        var left = state.Plan.Steps - state.StepIndex;
        var order = Math.Min(Config.LowerOrderFinal ? Math.Min(Config.SolverOrder, left) : Config.SolverOrder, state.Remembered + 1);
        state.Remember(clean, depth: Config.SolverOrder);
        state.PreviousSample = sample;
        state.PreviousOrder = order;
        return Predict(state, sample, order);
    }

    private Tensor Predict(SamplerState state, Tensor sample, int order)
    {
        var (now, next) = (LevelOf(state), LevelOf(state, 1));
        var h = next.HalfLogSnr - now.HalfLogSnr;
        var (phi, scale, _, _) = Weights(h);
        var moved = (sample * (next.Noise / now.Noise)) - (state.Clean(1) * (next.Signal * phi));
        if (order == 1)
            return moved;
        var r = (LevelOf(state, -1).HalfLogSnr - now.HalfLogSnr) / h;
        return moved - ((state.Clean(2) - state.Clean(1)) * (0.5 / r * next.Signal * scale));
    }

    private Tensor Correct(SamplerState state, Tensor clean, Tensor from)
    {
        var (before, now) = (LevelOf(state, -1), LevelOf(state));
        var h = now.HalfLogSnr - before.HalfLogSnr;
        var (phi, scale, b1, b2) = Weights(h);
        var last = state.Clean(1);
        var moved = (from * (now.Noise / before.Noise)) - (last * (now.Signal * phi));
        if (state.PreviousOrder == 1)
            return moved - ((clean - last) * (0.5 * now.Signal * scale));
        // The order conditions R·ρ = b of theorem 3.1, for two nodes at r and 1.
        var r = (LevelOf(state, -2).HalfLogSnr - before.HalfLogSnr) / h;
        var earlier = (b1 - b2) / (1 - r);
        var current = b1 - earlier;
        return moved - ((((state.Clean(2) - last) * (earlier / r)) + ((clean - last) * current)) * (now.Signal * scale));
    }

    // e^-h − 1, B(h), and the right-hand sides b1 and b2 of those conditions, for predictions of x0 (there -h stands for h).
    private (double Phi, double Scale, double B1, double B2) Weights(double h)
    {
        var phi = Math.Exp(-h) - 1;
        var scale = _bh1 ? -h : phi;
        var first = (phi / -h) - 1;
        var second = (first / -h) - 0.5;
        return (phi, scale, first / scale, second * 2 / scale);
    }
}
