using FlexEdit.Contracts.Messages;

namespace FlexEdit.Contracts.Batches;

/// <summary>
/// What gateways say to the ledger about batches. They read the lines and submit them like any edit; which lines are to be read, and that each becomes
/// one edit, is the ledger's. Storage implements it; other processes reach it over internal HTTP.
/// </summary>
public interface IBatchLedger
{
    /// <summary>Makes a batch durable, whose body is stored.</summary>
    Task<BatchAnswer> CreateAsync(CreateBatch create, CancellationToken cancellationToken);

    /// <summary>Takes at most <paramref name="most"/> lines, for a while: what is neither submitted nor refused by then is given to another.</summary>
    Task<IReadOnlyList<TakenLine>> TakeAsync(int most, CancellationToken cancellationToken);

    /// <summary>A line cannot be taken in at present, and no fault of its own: another gateway may have it in a few seconds.</summary>
    Task GiveBackAsync(string batchId, int line, CancellationToken cancellationToken);

    /// <summary>No edit can be made of a line. Says nothing where one was made.</summary>
    Task RefuseAsync(LineRefused refused, CancellationToken cancellationToken);
}

/// <summary>A wish for a batch.</summary>
public sealed record CreateBatch
{
    /// <summary><c>bat_…</c>, drawn by the gateway.</summary>
    public required string Id { get; init; }
    /// <summary>Whose it is.</summary>
    public required string Tenant { get; init; }
    /// <summary>Where each edit's JSON is in the body, in order.</summary>
    public required IReadOnlyList<BatchPart> Lines { get; init; }
    /// <summary>The client's <c>Idempotency-Key</c>; null without one.</summary>
    public string? IdempotencyKey { get; init; }
    /// <summary>SHA-256 of the body, lower-case hexadecimal.</summary>
    public required string RequestDigest { get; init; }
}

/// <summary>One edit's JSON in the body of a batch.</summary>
/// <param name="Offset">First byte.</param>
/// <param name="Length">Bytes.</param>
/// <param name="CustomId">What the client calls it; null without one.</param>
public sealed record BatchPart(long Offset, int Length, string? CustomId);

/// <summary>What became of the wish: the batch, or why there is none.</summary>
public sealed record BatchAnswer
{
    /// <summary>The batch; null where there is none.</summary>
    public BatchView? Batch { get; init; }
    /// <summary>Whether an earlier request with the same key made it.</summary>
    public bool Replayed { get; init; }
    /// <summary>Why there is none; null where there is one.</summary>
    public EditRefused? Refused { get; init; }
}

/// <summary>A line that is to become an edit.</summary>
public sealed record TakenLine
{
    /// <summary>The batch.</summary>
    public required string BatchId { get; init; }
    /// <summary>Its owner.</summary>
    public required string Tenant { get; init; }
    /// <summary>Number of the line, from 1.</summary>
    public required int Line { get; init; }
    /// <summary>Where it is in the body.</summary>
    public required BatchPart Part { get; init; }
    /// <summary>How often it was taken, this time included.</summary>
    public required int Takes { get; init; }
}

/// <summary>Why no edit can be made of a line: a problem, as a single edit would have been answered with.</summary>
public sealed record LineRefused
{
    /// <summary>The batch.</summary>
    public required string BatchId { get; init; }
    /// <summary>Number of the line, from 1.</summary>
    public required int Line { get; init; }
    /// <summary>The problem.</summary>
    public required LineProblem Problem { get; init; }
}

/// <summary>A problem of one line.</summary>
/// <param name="Status">The HTTP status that the line alone would have been answered with.</param>
/// <param name="Code">Stable and machine-readable.</param>
/// <param name="Detail">What is wrong and what to do about it, for a person.</param>
/// <param name="Param">The field at fault; null where none is.</param>
public sealed record LineProblem(int Status, string Code, string Detail, string? Param);
