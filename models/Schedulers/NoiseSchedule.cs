using static TorchSharp.torch;

namespace FlexEdit.Models.Schedulers;

/// <summary>
/// The discrete noising process of training: ᾱ of every time step (Ho et al. 2020, equation 4). Tables are computed in float32 in the
/// order of the published implementation, so that its trajectories are reproduced.
/// </summary>
public sealed class NoiseSchedule
{
    private readonly double[] _alphasCumprod;

    /// <summary>The process of a configuration.</summary>
    /// <param name="config">Number of steps, variances and rescaling.</param>
    /// <param name="floorOfLast">Replaces the last ᾱ where the rescaling makes it zero: solvers that divide by it need this.</param>
    public NoiseSchedule(SchedulerConfig config, double? floorOfLast = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        using var scope = NewDisposeScope();
        var betas = Betas(config);
        if (config.RescaleBetasZeroSnr)
            betas = ToZeroTerminalSnr(betas);
        _alphasCumprod = [.. (1 - betas).cumprod(0).data<float>().Select(a => (double)a)];
        if (config.RescaleBetasZeroSnr && floorOfLast is { } floor)
            _alphasCumprod[^1] = floor;
    }

    /// <summary>ᾱ of every time step, falling.</summary>
    public IReadOnlyList<double> AlphasCumprod => _alphasCumprod;

    /// <summary>Number of time steps.</summary>
    public int Count => _alphasCumprod.Length;

    /// <summary>The level of a time step: x = √ᾱ·x0 + √(1−ᾱ)·ε.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a time step of this process.</exception>
    public NoiseLevel Level(int timestep)
    {
        if (timestep < 0 || timestep >= Count)
            throw new ArgumentOutOfRangeException(nameof(timestep), timestep, $"Time steps are 0 to {Count - 1}.");
        return new NoiseLevel(Math.Sqrt(_alphasCumprod[timestep]), Math.Sqrt(1 - _alphasCumprod[timestep]));
    }

    /// <summary>σ = √((1−ᾱ)/ᾱ) of every time step, in float32 precision, rising.</summary>
    public IReadOnlyList<double> Sigmas() => [.. _alphasCumprod.Select(a => (double)(float)Math.Sqrt((1 - a) / a))];

    /// <summary>ᾱ/(1−ᾱ) of a time step (Hang et al. 2023, "Efficient Diffusion Training via Min-SNR Weighting Strategy").</summary>
    public double SignalToNoise(int timestep)
    {
        var level = Level(timestep);
        return level.Signal * level.Signal / (level.Noise * level.Noise);
    }

    /// <summary>√ᾱ·x0 + √(1−ᾱ)·ε, every row at its own time step.</summary>
    /// <param name="clean">x0, [B, ...].</param>
    /// <param name="noise">ε, of the same shape.</param>
    /// <param name="timesteps">One per row.</param>
    public Tensor AddNoise(Tensor clean, Tensor noise, IReadOnlyList<int> timesteps) =>
        NoisyRows.Mix(clean, noise, [.. timesteps.Select(Level)]);

    /// <summary>The target of v-prediction, √ᾱ·ε − √(1−ᾱ)·x0, every row at its own time step.</summary>
    /// <inheritdoc cref="AddNoise"/>
    public Tensor Velocity(Tensor clean, Tensor noise, IReadOnlyList<int> timesteps) =>
        NoisyRows.Mix(clean, noise, [.. timesteps.Select(Level).Select(level => new NoiseLevel(-level.Noise, level.Signal))]);

    private static Tensor Betas(SchedulerConfig config)
    {
        var count = config.NumTrainTimesteps;
        if (config.TrainedBetas is { } trained)
            return tensor(trained.Select(b => (float)b).ToArray());
        return config.BetaSchedule switch
        {
            BetaSchedule.Linear => linspace(config.BetaStart, config.BetaEnd, count, float32),
            BetaSchedule.ScaledLinear => linspace(Math.Sqrt(config.BetaStart), Math.Sqrt(config.BetaEnd), count, float32).square(),
            BetaSchedule.SquaredcosCapV2 => tensor(Enumerable.Range(0, count)
                .Select(i => (float)Math.Min(1 - (SquaredCosine((i + 1.0) / count) / SquaredCosine((double)i / count)), 0.999)).ToArray()),
            _ => throw new ArgumentOutOfRangeException(nameof(config), config.BetaSchedule, "Not a schedule."),
        };
    }

    private static double SquaredCosine(double t) => Math.Pow(Math.Cos((t + 0.008) / 1.008 * Math.PI / 2), 2);

    private static Tensor ToZeroTerminalSnr(Tensor betas)
    {
        var root = (1 - betas).cumprod(0).sqrt();
        var first = root[0].clone();
        var last = root[-1].clone();
        root = (root - last) * (first / (first - last));
        var cumprod = root.square();
        var alphas = cat([cumprod.narrow(0, 0, 1), cumprod.narrow(0, 1, cumprod.shape[0] - 1) / cumprod.narrow(0, 0, cumprod.shape[0] - 1)], 0);
        return 1 - alphas;
    }
}
