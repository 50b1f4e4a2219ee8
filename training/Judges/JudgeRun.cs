using System.Diagnostics;
using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Natives;
using FlexEdit.Training.Data;
using FlexEdit.Training.Optimisation;
using TorchSharp;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace FlexEdit.Training.Judges;

/// <summary>How long and where a judge is trained, and the loop that both share.</summary>
internal sealed record JudgeRun
{
    /// <summary>Folder of checkpoints; each judge has one of its own in it.</summary>
    public required string Folder { get; init; }
    /// <summary>How long to train.</summary>
    public required double Minutes { get; init; }
    /// <summary>Pictures a step.</summary>
    public int Batch { get; init; } = 64;
    /// <summary>Highest learning rate.</summary>
    public double Rate { get; init; } = 2e-3;
    /// <summary>Compute threads.</summary>
    public int Threads { get; init; } = 1;
    /// <summary>Minutes between checkpoints.</summary>
    public double CheckpointMinutes { get; init; } = 5;
    /// <summary>Go on from the last checkpoint.</summary>
    public bool Resume { get; init; }

    /// <summary>Where a judge's files go.</summary>
    public string FolderOf(string judge) => Path.Combine(Folder, judge);

    /// <summary>Trains.</summary>
    /// <param name="judge">Its name.</param>
    /// <param name="network">What is kept.</param>
    /// <param name="make">Makes the batch of a number; called on another thread.</param>
    /// <param name="loss">Of a batch; what it is handed besides runs an action with the moving average's weights.</param>
    /// <param name="head">Trained along and thrown away.</param>
    public void Train<T>(string judge, nn.Module network, Func<long, T> make, Func<T, Action<Action>, Tensor> loss, nn.Module? head = null)
    {
        TorchNatives.UseThreads(Threads);
        Directory.CreateDirectory(FolderOf(judge));
        foreach (var part in (nn.Module?[])[network, head])
            part?.to(ScalarType.BFloat16);
        var named = network.named_parameters().Concat(head?.named_parameters() ?? []);
        using var optimiser = new FlatAdamW(named.Select(p => (p.name, (Parameter)p.parameter)), beta2: 0.98, weightDecay: 0.05, emaDecay: 0.996);
        var state = Path.Combine(FolderOf(judge), "state.safetensors");
        var batch = Resume && File.Exists(state) ? optimiser.Load(state) : 0;
        Console.WriteLine($"{judge}: {optimiser.Count / 1e3:F0} thousand weights, from batch {batch}");
        using var batches = new Prefetch<T>(make, batch, ahead: 4);
        var rate = new LearningRate(Rate, WarmUp: 200);
        var clock = Stopwatch.StartNew();
        var (next, sum, count) = (CheckpointMinutes, 0.0, 0);
        while (clock.Elapsed.TotalMinutes < Minutes)
        {
            using (NewDisposeScope())
            {
                var value = loss(batches.Take(), optimiser.WithAverage);
                value.backward();
                optimiser.Step(rate.At(optimiser.Steps, clock.Elapsed.TotalMinutes / Minutes));
                (sum, count) = (sum + value.item<float>(), count + 1);
            }
            batch++;
            if (batch % 50 == 0)
            {
                Console.WriteLine($"{judge} {batch,6} {batch * Batch / 1000,5}k pictures {clock.Elapsed.TotalMinutes,6:F1} min loss {sum / count:F4}");
                (sum, count) = (0, 0);
            }
            if (clock.Elapsed.TotalMinutes < next && clock.Elapsed.TotalMinutes < Minutes)
                continue;
            next += CheckpointMinutes;
            optimiser.Save(state, batch);
            optimiser.WithAverage(() => StateDict.Save(network, Path.Combine(FolderOf(judge), "weights.safetensors"), floatType: ScalarType.Float16));
            Console.WriteLine($"{judge}: checkpoint at batch {batch}");
        }
    }
}
