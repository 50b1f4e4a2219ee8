using FlexEdit.Contracts.Edits;
using FlexEdit.Contracts.Models;

namespace FlexEdit.Contracts.Ledger;

/// <summary>
/// What a worker says to the ledger. Kept off the bus, so that a broker's outage neither expires a lease nor loses a result.
/// Storage implements it; workers in other processes reach it over authenticated internal HTTP.
/// Every write is fenced: it counts only while <c>(edit, stage, attempt)</c> is the current attempt and its lease has not been taken.
/// </summary>
public interface IAttemptLedger
{
    /// <summary>Takes the next attempt of an edit's stage; the attempt is counted before the work. Null: nothing to do (done, taken, waiting, canceled).</summary>
    Task<AttemptGrant?> ClaimAsync(ClaimAttempt claim, CancellationToken cancellationToken);

    /// <summary>Extends the lease.</summary>
    Task<HeartbeatAnswer> HeartbeatAsync(AttemptRef attempt, CancellationToken cancellationToken);

    /// <summary>Records what the model understood and moves the edit on. False: the attempt no longer counts; drop the result.</summary>
    Task<bool> FinishUnderstandingAsync(UnderstandingFinished finished, CancellationToken cancellationToken);

    /// <summary>Records the results and ends the edit. False: the attempt no longer counts; drop the result.</summary>
    Task<bool> FinishGenerationAsync(GenerationFinished finished, CancellationToken cancellationToken);

    /// <summary>Records a failure; the ledger decides whether the edit is tried again. False: the attempt no longer counts.</summary>
    Task<bool> FailAsync(AttemptFailed failed, CancellationToken cancellationToken);

    /// <summary>The worker has let go of a canceled attempt (receipt), or gives an attempt back uncounted because it shuts down.</summary>
    Task<bool> ReleaseAsync(AttemptReleased released, CancellationToken cancellationToken);
}

/// <summary>Names one attempt.</summary>
public sealed record AttemptRef
{
    /// <summary>The edit.</summary>
    public required string EditId { get; init; }
    /// <summary><see cref="EditStage.Understanding"/> or <see cref="EditStage.Generating"/>.</summary>
    public required string Stage { get; init; }
    /// <summary>Number of the attempt within the edit, from 1, over both stages.</summary>
    public required int Attempt { get; init; }
}

/// <summary>A worker's wish to work on an edit.</summary>
public sealed record ClaimAttempt
{
    /// <summary>The edit.</summary>
    public required string EditId { get; init; }
    /// <summary>The stage that this worker does.</summary>
    public required string Stage { get; init; }
    /// <summary>Name of the worker process, for people.</summary>
    public required string Worker { get; init; }
    /// <summary>Drawn by the worker for each claim, 1 to 64 characters: the same claim again is given the same attempt while that lives.</summary>
    public string? ClaimId { get; init; }
}

/// <summary>An attempt with all that the work needs: ids and object keys, no pixels.</summary>
public sealed record AttemptGrant
{
    /// <summary>The attempt.</summary>
    public required AttemptRef Attempt { get; init; }
    /// <summary>How long the lease lasts without a heartbeat.</summary>
    public required TimeSpan Lease { get; init; }
    /// <summary>How long this stage may run in all.</summary>
    public required TimeSpan RunDeadline { get; init; }
    /// <summary>Model id.</summary>
    public required string Model { get; init; }
    /// <summary>τ.</summary>
    public required string Instruction { get; init; }
    /// <summary>Prefix under which the worker stores what it makes for this edit.</summary>
    public required string ObjectPrefix { get; init; }
    /// <summary>The options.</summary>
    public required EditOptions Options { get; init; }
    /// <summary>The pictures.</summary>
    public required EditInputs Inputs { get; init; }
    /// <summary>What the mask means, as the client says who corrected the model; null to let the model decide.</summary>
    public string? Label { get; init; }
    /// <summary>What was understood; null for the understanding stage.</summary>
    public UnderstandingResult? Understanding { get; init; }
}

/// <summary>The ledger's answer to a heartbeat.</summary>
public sealed record HeartbeatAnswer
{
    /// <summary>False: the attempt no longer counts (lease taken, edit ended): stop and drop the work.</summary>
    public required bool Continue { get; init; }
    /// <summary>True: the client asked to cancel: stop and release.</summary>
    public required bool Cancel { get; init; }
}

/// <summary>The understanding stage is done.</summary>
public sealed record UnderstandingFinished
{
    /// <summary>The attempt.</summary>
    public required AttemptRef Attempt { get; init; }
    /// <summary>The result.</summary>
    public required UnderstandingResult Result { get; init; }
    /// <summary>Milliseconds inside the model.</summary>
    public required double ModelMs { get; init; }
}

/// <summary>The generation stage is done and its pictures are stored.</summary>
public sealed record GenerationFinished
{
    /// <summary>The attempt.</summary>
    public required AttemptRef Attempt { get; init; }
    /// <summary>One per result.</summary>
    public required IReadOnlyList<EditOutput> Outputs { get; init; }
    /// <summary>What the model was; null from a worker of an earlier version.</summary>
    public ModelRun? Model { get; init; }
    /// <summary>Milliseconds inside the model.</summary>
    public required double ModelMs { get; init; }
}

/// <summary>An attempt failed.</summary>
public sealed record AttemptFailed
{
    /// <summary>The attempt.</summary>
    public required AttemptRef Attempt { get; init; }
    /// <summary>Why.</summary>
    public required EditError Error { get; init; }
}

/// <summary>A worker let go of an attempt without a result.</summary>
public sealed record AttemptReleased
{
    /// <summary>The attempt.</summary>
    public required AttemptRef Attempt { get; init; }
    /// <summary>True: because of a cancel. False: the worker shuts down; the attempt is given back and not counted.</summary>
    public required bool Canceled { get; init; }
    /// <summary>Sampling steps that were run.</summary>
    public int StepsRun { get; init; }
    /// <summary>Milliseconds inside the model.</summary>
    public double ModelMs { get; init; }
}
