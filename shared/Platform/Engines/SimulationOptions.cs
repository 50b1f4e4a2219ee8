namespace FlexEdit.Platform.Engines;

/// <summary>Section <c>Simulation</c> of a worker: how the simulated engine behaves. For fault, load and scale tests only.</summary>
public sealed class SimulationOptions
{
    /// <summary>What a worker's <c>Engine</c> is set to for the engine of the models.</summary>
    public const string Model = "model";

    /// <summary>What it is set to for the simulated one.</summary>
    public const string Simulated = "simulated";

    /// <summary>Id of the models that the simulated engine serves: this, or this and a dash and more.</summary>
    public const string ModelId = "simulated";

    /// <summary>Time of one step over one picture (generation) or of reading one edit (understanding), 0 to 1 h.</summary>
    public TimeSpan StepTime { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>What each further picture of a batch adds, as a share of <see cref="StepTime"/>, 0 to 1.</summary>
    public double BatchCost { get; set; } = 0.25;

    /// <summary>
    /// Pictures a second of a batch, by its size, as a multiple of a single picture's: a measured curve in the place of <see cref="BatchCost"/>. Sizes between
    /// two that are named lie on a line between them, larger ones do as well as the largest. <c>BatchCurve__4=1.18</c>.
    /// </summary>
    public Dictionary<int, double> BatchCurve { get; } = [];

    /// <summary>Pictures that there is memory for; a larger batch runs out of it. 0: any number.</summary>
    public int MemoryPictures { get; set; }

    /// <summary>Seed of the failures below.</summary>
    public int Seed { get; set; } = 1;

    /// <summary>Share of calls of the model that run out of memory, 0 to 1.</summary>
    public double OutOfMemory { get; set; }

    /// <summary>Share of calls that hang for <see cref="HangTime"/>, 0 to 1.</summary>
    public double Hang { get; set; }

    /// <summary>Share of calls that compute numbers which are none, 0 to 1.</summary>
    public double Nan { get; set; }

    /// <summary>Share of calls that end the process, 0 to 1.</summary>
    public double Exit { get; set; }

    /// <summary>How long a hanging call hangs, 0 to 1 d.</summary>
    public TimeSpan HangTime { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long one step over <paramref name="batch"/> pictures takes.</summary>
    public TimeSpan TimeOf(int batch) => BatchCurve.Count == 0 ? StepTime * (1 + (BatchCost * (batch - 1))) : StepTime * (batch / SpeedOf(batch));

    /// <summary>Every fault, one sentence each.</summary>
    /// <param name="section">Section of the worker, such as <c>Generation</c>.</param>
    /// <param name="engine">The worker's <c>Engine</c>.</param>
    public IEnumerable<string> Faults(string section, string engine)
    {
        if (engine is not (Model or Simulated))
            yield return $"FLEXEDIT__{section}__Engine is '{engine}'; set it to '{Model}', or for tests to '{Simulated}'.";
        (string Name, double Value)[] shares = [(nameof(BatchCost), BatchCost), (nameof(OutOfMemory), OutOfMemory), (nameof(Hang), Hang), (nameof(Nan), Nan), (nameof(Exit), Exit)];
        foreach (var (name, value) in shares)
        {
            if (!(value is >= 0 and <= 1))
                yield return $"FLEXEDIT__{section}__Simulation__{name} is {value}; set it between 0 and 1.";
        }
        foreach (var (size, speed) in BatchCurve.Where(point => point.Key < 1 || !(point.Value >= 0.1 && point.Value <= 1000)))
            yield return $"FLEXEDIT__{section}__Simulation__BatchCurve__{size} is {speed}; name a size from 1 on, and set it between 0.1 and 1000.";
        if (MemoryPictures < 0)
            yield return $"FLEXEDIT__{section}__Simulation__MemoryPictures is {MemoryPictures}; set it to 0 for any number, or to more.";
        if (OutOfMemory + Hang + Nan + Exit > 1)
            yield return $"The shares of failures in FLEXEDIT__{section}__Simulation add up to more than 1; lower them.";
        if (StepTime < TimeSpan.Zero || StepTime > TimeSpan.FromHours(1))
            yield return $"FLEXEDIT__{section}__Simulation__StepTime is {StepTime}; set it between 00:00:00 and 01:00:00.";
        if (HangTime < TimeSpan.Zero || HangTime > TimeSpan.FromDays(1))
            yield return $"FLEXEDIT__{section}__Simulation__HangTime is {HangTime}; set it between 00:00:00 and 1.00:00:00.";
    }

    private double SpeedOf(int batch)
    {
        var below = (Size: 1, Speed: 1.0);
        foreach (var (size, speed) in BatchCurve.OrderBy(point => point.Key))
        {
            if (size >= batch)
                return size == batch ? speed : below.Speed + ((speed - below.Speed) * (batch - below.Size) / (size - below.Size));
            below = (size, speed);
        }
        return below.Speed;
    }
}
