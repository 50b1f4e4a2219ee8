using FlexEdit.Models.Checkpoints;
using FlexEdit.Training.Loop;
using TorchSharp;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace FlexEdit.Training.Judges;

/// <summary>How long and where a judge is trained.</summary>
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
    /// <param name="type">What is computed in.</param>
    /// <param name="probe">Measures the moving average; what it says is printed with every checkpoint.</param>
    public void Train<T>(string judge, nn.Module network, Func<long, T> make, Func<T, Action<Action>, Tensor> loss, nn.Module? head = null, ScalarType type = ScalarType.BFloat16, Func<string>? probe = null)
    {
        foreach (var part in (nn.Module?[])[network, head])
            part?.to(type);
        var settings = new LoopSettings
        {
            Folder = FolderOf(judge),
            Name = judge,
            Minutes = Minutes,
            Batch = Batch,
            Rate = Rate,
            WarmUp = 100,
            Beta2 = 0.98,
            WeightDecay = 0.05,
            Average = 0.996,
            Threads = Threads,
            CheckpointMinutes = CheckpointMinutes,
            LogEvery = 50,
            Resume = Resume,
        };
        new TrainingLoop<T>(settings).Run(
            network.named_parameters().Concat(head?.named_parameters() ?? []).Select(p => (p.name, (Parameter)p.parameter)), make, loss, _ =>
            {
                StateDict.Save(network, Path.Combine(settings.Folder, "weights.safetensors"), floatType: ScalarType.Float16);
                return probe?.Invoke();
            });
    }
}
