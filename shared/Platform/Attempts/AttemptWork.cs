using FlexEdit.Contracts.Ledger;

namespace FlexEdit.Platform.Attempts;

/// <summary>
/// The work of one stage: fetches, calls the engine, stores. Everything that it does must stop soon after
/// <see cref="RunningAttempt.Stopping"/> is cancelled.
/// </summary>
/// <returns>How the ledger is told of the result.</returns>
/// <exception cref="AttemptException">The edit cannot be done, with the error that the job will show.</exception>
public delegate Task<FinishAttempt> AttemptWork(RunningAttempt attempt);

/// <summary>Tells the ledger of a result that is already stored. May be called again after a failed call.</summary>
/// <returns>False: the attempt no longer counts.</returns>
public delegate Task<bool> FinishAttempt(IAttemptLedger ledger, CancellationToken cancellationToken);
