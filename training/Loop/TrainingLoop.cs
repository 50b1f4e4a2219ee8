using System.Diagnostics;
using FlexEdit.Models.Natives;
using FlexEdit.Training.Data;
using FlexEdit.Training.Optimisation;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace FlexEdit.Training.Loop;

/// <summary>
/// The loop that every stage shares: batches made ahead, gradients gathered and clipped, AdamW with fp32 masters and a moving average, checkpoints, progress
/// and a page of curves. All chance of a batch comes from its number, so that a run that goes on from a checkpoint sees what it would have seen.
/// One process trains; what a cluster should use instead is said in docs/training.md.
/// </summary>
/// <typeparam name="T">A batch.</typeparam>
/// <param name="settings">How the run goes.</param>
/// <param name="output">Where progress is printed; null for the console.</param>
public sealed class TrainingLoop<T>(LoopSettings settings, TextWriter? output = null)
{
    private readonly TextWriter output = output ?? Console.Out;

    /// <summary>The run's figures.</summary>
    public LossLog Log { get; } = new(settings, output ?? Console.Out);

    /// <summary>How much of the run is over, 0 to 1.</summary>
    public double Progress { get; private set; }

    /// <summary>Trains until the run is over.</summary>
    /// <param name="named">What is trained.</param>
    /// <param name="make">Makes the batch of a number; called on another thread.</param>
    /// <param name="loss">Of a batch; gets an action that runs another with the moving average's weights.</param>
    /// <param name="save">Writes what others use, called with the moving average's weights in place at every checkpoint. Returns what is to be said of it, or null.</param>
    /// <exception cref="TrainingDivergedException">The loss stopped being a number. The last checkpoint is from before.</exception>
    public void Run(IEnumerable<(string Name, Parameter Value)> named, Func<long, T> make, Func<T, Action<Action>, Tensor> loss, Func<long, string?> save)
    {
        TorchNatives.UseThreads(settings.Threads);
        Directory.CreateDirectory(settings.Folder);
        using var optimiser = new FlatAdamW(named, beta2: settings.Beta2, weightDecay: settings.WeightDecay, emaDecay: settings.Average, clip: settings.Clip);
        var (batch, before) = (0L, 0.0);
        if (settings.Resume && File.Exists(settings.StatePath))
        {
            batch = optimiser.Load(settings.StatePath);
            before = optimiser.Minutes;
        }
        Log.Rewind(batch);
        output.WriteLine($"{settings.Name}: {optimiser.Count / 1e6:F2} M weights, from batch {batch}");
        using var batches = new Prefetch<T>(make, batch, ahead: 4);
        var rate = new LearningRate(settings.Rate, settings.WarmUp, Cosine: settings.Shape == RateShape.Cosine);
        var (clock, first, nextCheckpoint, bad) = (Stopwatch.StartNew(), batch, settings.CheckpointMinutes, 0);
        var atCheckpoint = batch;
        while (!Over(optimiser.Steps, before + clock.Elapsed.TotalMinutes))
        {
            var finite = true;
            for (var part = 0; part < settings.Accumulate; part++, batch++)
                finite &= Gather(batches.Take(), batch, loss, optimiser);
            var norm = finite ? optimiser.Step(rate.At(optimiser.Steps, Progress)) : optimiser.Skip();
            Log.Add("norm", norm);
            bad = double.IsFinite(norm) ? 0 : bad + 1;
            if (bad > 0)
                output.WriteLine($"{settings.Name}: batch {batch} gave no finite gradient and was left out ({bad} in a row; its loss was {last:G4})");
            if (bad >= settings.MostBadSteps)
                throw new TrainingDivergedException($"{settings.Name} has had no finite gradient for {bad} steps, up to batch {batch}. The last checkpoint is of batch {atCheckpoint}; go on from it (--resume) with a lower learning rate than {settings.Rate}.");
            var minutes = before + clock.Elapsed.TotalMinutes;
            var over = Over(optimiser.Steps, minutes);
            if (batch / settings.LogEvery != (batch - settings.Accumulate) / settings.LogEvery || over)
                Log.Line(batch, optimiser.Steps, minutes, (batch - first) * settings.Batch / clock.Elapsed.TotalSeconds, Left(clock.Elapsed, first, batch, before));
            if (clock.Elapsed.TotalMinutes < nextCheckpoint && !over)
                continue;
            nextCheckpoint = clock.Elapsed.TotalMinutes + settings.CheckpointMinutes;
            atCheckpoint = batch;
            Checkpoint(optimiser, batch, minutes, save);
        }
    }

    private float last;

    private bool Gather(T made, long batch, Func<T, Action<Action>, Tensor> loss, FlatAdamW optimiser)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(unchecked((settings.Seed * 1_000_003) + batch));
        var value = loss(made, optimiser.WithAverage);
        var number = value.item<float>();
        last = number;
        Log.Add("loss", number);
        if (!float.IsFinite(number))
            return false;
        (settings.Accumulate > 1 ? value / settings.Accumulate : value).backward();
        return true;
    }

    private void Checkpoint(FlatAdamW optimiser, long batch, double minutes, Func<long, string?> save)
    {
        optimiser.Save(settings.StatePath, batch, minutes);
        string? said = null;
        optimiser.WithAverage(() =>
        {
            using var noGrad = no_grad();
            using var scope = NewDisposeScope();
            said = save(batch);
        });
        TrainingPage.Write(settings.Folder);
        output.WriteLine($"{settings.Name}: checkpoint at batch {batch}{(said is null ? "" : ", " + said)}");
    }

    private bool Over(long steps, double minutes)
    {
        Progress = Math.Min(1, settings.Steps is { } most ? steps / (double)Math.Max(1, most) : minutes / Math.Max(1e-9, settings.Minutes));
        return Progress >= 1;
    }

    private TimeSpan Left(TimeSpan elapsed, long first, long batch, double before)
    {
        if (settings.Steps is not { } most)
            return TimeSpan.FromMinutes(Math.Max(0, settings.Minutes - before - elapsed.TotalMinutes));
        var toGo = Math.Max(0, (most * settings.Accumulate) - batch);
        return TimeSpan.FromSeconds(elapsed.TotalSeconds / Math.Max(1, batch - first) * toGo);
    }
}
