namespace FlexEdit.Training.Loop;

/// <summary>How a training run goes, whatever it trains.</summary>
public sealed record LoopSettings
{
    /// <summary>Folder of checkpoints and reports.</summary>
    public required string Folder { get; init; }

    /// <summary>What the run's files are called.</summary>
    public required string Name { get; init; }

    /// <summary>How long to train; not looked at where <see cref="Steps"/> is given.</summary>
    public double Minutes { get; init; }

    /// <summary>How many steps to train. With it a run that was interrupted and went on ends with the very weights of one that was not.</summary>
    public long? Steps { get; init; }

    /// <summary>Examples of a batch.</summary>
    public int Batch { get; init; } = 16;

    /// <summary>Batches whose gradients make one step.</summary>
    public int Accumulate { get; init; } = 1;

    /// <summary>Highest learning rate.</summary>
    public double Rate { get; init; } = 6e-4;

    /// <summary>Steps until the highest learning rate.</summary>
    public int WarmUp { get; init; } = 300;

    /// <summary>How the learning rate falls.</summary>
    public RateShape Shape { get; init; } = RateShape.FlatThenLinear;

    /// <summary>Largest norm of a step's gradient; longer ones are shortened to it.</summary>
    public double Clip { get; init; } = 1;

    /// <summary>Decay of the moving average.</summary>
    public double Average { get; init; } = 0.998;

    /// <summary>Decay of the second moment of the gradient.</summary>
    public double Beta2 { get; init; } = 0.95;

    /// <summary>Decay of the weights.</summary>
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>Compute threads.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Minutes between checkpoints.</summary>
    public double CheckpointMinutes { get; init; } = 8;

    /// <summary>Batches between two lines of the log.</summary>
    public int LogEvery { get; init; } = 100;

    /// <summary>Go on from the last checkpoint, if there is one.</summary>
    public bool Resume { get; init; }

    /// <summary>Of all chance in a step.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>So many steps in a row without a finite gradient end the run.</summary>
    public int MostBadSteps { get; init; } = 20;

    /// <summary>The file that a run goes on from.</summary>
    public string StatePath => Path.Combine(Folder, $"{Name}.state.safetensors");
}

/// <summary>How a learning rate falls after its warm-up.</summary>
public enum RateShape
{
    /// <summary>Flat, then linear to zero over the last quarter: a run may be lengthened until then.</summary>
    FlatThenLinear,

    /// <summary>Half a cosine to zero (Loshchilov and Hutter 2017), as the paper's recipe.</summary>
    Cosine,
}
