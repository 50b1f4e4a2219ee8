using FlexEdit.Platform.Hosting;

namespace FlexEdit.Platform.Engines;

/// <summary>How a call of the simulated engine goes wrong.</summary>
public enum SimulatedFault
{
    /// <summary>It does not.</summary>
    None,
    /// <summary>Memory runs out.</summary>
    OutOfMemory,
    /// <summary>It hangs.</summary>
    Hang,
    /// <summary>Its numbers are none.</summary>
    Nan,
    /// <summary>The process ends on the spot.</summary>
    Exit,
}

/// <summary>
/// The time and the failures of a simulated engine; called on the engine's thread only. Failures come by chance from a seed, or because an
/// instruction asks for one: <c>simulate:exit</c> (<c>out-of-memory</c>, <c>hang</c>, <c>nan</c>) while it is understood, with <c>@generation</c> while it is painted.
/// </summary>
/// <param name="options">How it behaves.</param>
/// <param name="end">Ends the process.</param>
public sealed class Simulation(SimulationOptions options, Action<string> end)
{
    private const string Asking = "simulate:";
    private const string InGeneration = "@generation";
    private readonly Random _chance = new(options.Seed);
    private readonly ManualResetEventSlim _never = new();

    /// <summary>A simulation that ends this process for good.</summary>
    public Simulation(SimulationOptions options)
        : this(options, Environment.FailFast)
    {
    }

    /// <summary>Refuses to simulate a real model, whose name would then stand under pictures that it did not paint.</summary>
    /// <exception cref="StartupException">The model is none of the simulated ones.</exception>
    public static void CheckModel(string model, string section)
    {
        if (model != SimulationOptions.ModelId && !model.StartsWith($"{SimulationOptions.ModelId}-", StringComparison.Ordinal))
        {
            throw new StartupException(
                $"FLEXEDIT__{section}__Engine is '{SimulationOptions.Simulated}', but '{model}' is the name of a real model; set FLEXEDIT__Models__Default to "
                + $"'{SimulationOptions.ModelId}' and FLEXEDIT__Models__Folder to a folder with its card only, or the engine to '{SimulationOptions.Model}'.");
        }
    }

    /// <summary>What an instruction asks for.</summary>
    /// <param name="instruction">The instruction.</param>
    /// <param name="generation">Whether for its painting or for its understanding.</param>
    public static SimulatedFault Asked(string instruction, bool generation)
    {
        foreach (var word in instruction.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!word.StartsWith(Asking, StringComparison.Ordinal) || word.EndsWith(InGeneration, StringComparison.Ordinal) != generation)
                continue;
            return word[Asking.Length..].Replace(InGeneration, "", StringComparison.Ordinal) switch
            {
                "out-of-memory" => SimulatedFault.OutOfMemory,
                "hang" => SimulatedFault.Hang,
                "nan" => SimulatedFault.Nan,
                "exit" => SimulatedFault.Exit,
                _ => SimulatedFault.None,
            };
        }
        return SimulatedFault.None;
    }

    /// <summary>Takes the time of one call over <paramref name="batch"/> pictures, and fails where chance or <paramref name="asked"/> says so.</summary>
    /// <exception cref="OutOfMemoryException">Memory ran out.</exception>
    /// <exception cref="ArithmeticException">The numbers are none.</exception>
    public void Call(int batch, SimulatedFault asked)
    {
        if (options.MemoryPictures > 0 && batch > options.MemoryPictures)
            throw new InsufficientMemoryException($"The simulated model has no memory for {batch} pictures.");
        Pass(options.TimeOf(batch));
        switch (asked == SimulatedFault.None ? Chance() : asked)
        {
            case SimulatedFault.OutOfMemory:
                throw new InsufficientMemoryException("The simulated model ran out of memory.");
            case SimulatedFault.Hang:
                Pass(options.HangTime);
                break;
            case SimulatedFault.Nan:
                throw new ArithmeticException("The simulated model computed numbers that are none.");
            case SimulatedFault.Exit:
                end("The simulated model ended the process.");
                break;
            default:
                break;
        }
    }

    private SimulatedFault Chance()
    {
        var drawn = _chance.NextDouble();
        (SimulatedFault Fault, double Share)[] shares =
        [
            (SimulatedFault.OutOfMemory, options.OutOfMemory), (SimulatedFault.Hang, options.Hang), (SimulatedFault.Nan, options.Nan), (SimulatedFault.Exit, options.Exit),
        ];
        foreach (var (fault, share) in shares)
        {
            if (drawn < share)
                return fault;
            drawn -= share;
        }
        return SimulatedFault.None;
    }

    private void Pass(TimeSpan time)
    {
        if (time > TimeSpan.Zero)
            _never.Wait(time);
    }
}
