using System.Collections.Concurrent;
using FlexEdit.Models.Editing;

namespace FlexEdit.Tests.Unit.Generation;

/// <summary>An edit method whose pictures are their seeds, with faults where a test wants them.</summary>
internal sealed class ScriptedEditModel : IEditModel
{
    private readonly SemaphoreSlim _mayStep = new(0);

    public int Resolution => 2;

    /// <summary>Most pictures for which there is memory in one step.</summary>
    public int Memory { get; init; } = int.MaxValue;

    /// <summary>Most pictures for which there is memory at once.</summary>
    public int Room { get; init; } = int.MaxValue;

    /// <summary>Seed whose step fails.</summary>
    public uint? Poison { get; init; }

    /// <summary>Whether a poisoned batch moves the pictures before the poisoned one on.</summary>
    public bool MovesOnBeforeFailing { get; init; }

    /// <summary>Steps wait for <see cref="LetStep"/>.</summary>
    public bool Gated { get; init; }

    public ConcurrentQueue<int> Batches { get; } = [];

    public ConcurrentQueue<int> Threads { get; } = [];

    public int Alive { get; private set; }

    public bool IsDisposed { get; private set; }

    public void LetStep(int times = 1) => _mayStep.Release(times);

    public IEditInFlight Begin(GenerationRequest request)
    {
        if (Alive >= Room)
            throw new InsufficientMemoryException();
        Alive++;
        return new Flight(this, request);
    }

    public void Step(IReadOnlyList<IEditInFlight> edits)
    {
        if (Gated)
            _mayStep.Wait();
        Batches.Enqueue(edits.Count);
        Threads.Enqueue(Environment.CurrentManagedThreadId);
        if (edits.Count > Memory)
            throw new InsufficientMemoryException();
        var poisoned = edits.Cast<Flight>().Any(f => f.Request.Seed == Poison);
        foreach (var edit in edits.Cast<Flight>())
        {
            if (edit.Request.Seed == Poison)
                throw new InvalidOperationException("poison");
            if (!poisoned || MovesOnBeforeFailing)
                edit.Step++;
        }
        if (poisoned)
            throw new InvalidOperationException("poison");
    }

    public byte[] Preview(IEditInFlight edit) => new byte[12];

    public GeneratedCrop Finish(IEditInFlight edit)
    {
        var flight = (Flight)edit;
        if (flight.Step != flight.Steps)
            throw new InvalidOperationException("Finished too early.");
        var picture = new byte[12];
        Array.Fill(picture, (byte)flight.Request.Seed);
        return new GeneratedCrop { Picture = picture, EditedRegion = new byte[4] };
    }

    public void Dispose() => IsDisposed = true;

    public static GenerationRequest Request(uint seed, int steps = 3) => new()
    {
        Scene = new byte[12],
        Mask = new byte[4],
        Embedding = [0],
        EmbeddingShape = (1, 1),
        Seed = seed,
        Steps = steps,
        GuidanceScale = 1,
        ImageGuidanceScale = 1,
        SubjectScale = 0,
    };

    private sealed class Flight(ScriptedEditModel model, GenerationRequest request) : IEditInFlight
    {
        public GenerationRequest Request { get; } = request;

        public int Step { get; set; }

        public int Steps => Request.Steps;

        public void Dispose() => model.Alive--;
    }
}
