namespace FlexEdit.Storage.Ledger;

/// <summary>
/// The truth about one edit. Times are UTC ticks (100 ns since the year 1), so that every database orders them alike; what only the API shows
/// is JSON text. Changed only through <see cref="LedgerWriter"/>.
/// </summary>
public sealed class EditRow
{
    public required string Id { get; init; }
    public required string Tenant { get; init; }
    public required string Model { get; init; }
    /// <summary>τ; the corrected one where the client corrected it with its approval.</summary>
    public required string Instruction { get; set; }
    /// <summary><see cref="Contracts.Edits.EditOptions"/>.</summary>
    public required string OptionsJson { get; init; }
    /// <summary><see cref="Contracts.Edits.EditInputs"/>.</summary>
    public required string InputsJson { get; set; }
    /// <summary>String pairs, as the client gave them.</summary>
    public required string MetadataJson { get; init; }

    /// <summary>The batch that it was made for; null for a single edit.</summary>
    public string? BatchId { get; init; }
    /// <summary>A URL that is told about this edit; null where there is none.</summary>
    public string? Webhook { get; init; }
    /// <summary>What it is told, as in <see cref="WebhookRow.Events"/>; null where there is no URL.</summary>
    public string? WebhookEvents { get; init; }

    /// <summary><see cref="Contracts.Edits.EditDoor"/>; null for an edit that came in through the API's own routes.</summary>
    public string? DoorJson { get; init; }

    /// <summary><see cref="Edits.Replay"/>; null for an edit that runs no other one again.</summary>
    public string? ReplayJson { get; set; }

    /// <summary>One of <see cref="Contracts.Edits.EditStatus"/>.</summary>
    public required string Status { get; set; }
    /// <summary>One of <see cref="Contracts.Edits.EditStage"/> while the edit is under way, else null.</summary>
    public string? Stage { get; set; }
    /// <summary>Number of the newest event.</summary>
    public long Sequence { get; set; }
    /// <summary>Grows with every write; the writer that finds another number than it read starts over.</summary>
    public long Version { get; set; }

    /// <summary>The stage whose worker may claim the edit now or from <see cref="RunAfter"/> on; null when there is nothing to claim.</summary>
    public string? WaitingFor { get; set; }
    /// <summary>Not to be claimed before.</summary>
    public long RunAfter { get; set; }
    /// <summary>End of the present wait (for a worker or for approval).</summary>
    public long WaitUntil { get; set; }
    /// <summary>The command waits in the ledger until it is this tenant's turn; see <see cref="Releasing.ReleaseHeld"/>.</summary>
    public bool Held { get; set; }
    /// <summary>How often the command was sent in the present wait.</summary>
    public int Hints { get; set; }
    /// <summary>When the command is sent again if nobody has claimed the edit.</summary>
    public long HintAfter { get; set; }

    /// <summary>Number of the newest attempt, over both stages.</summary>
    public int LastAttempt { get; set; }
    /// <summary>Attempts at the present stage that count.</summary>
    public int StageAttempts { get; set; }
    /// <summary>The attempt that holds the lease; null when none does.</summary>
    public int? LiveAttempt { get; set; }
    /// <summary>Stage of the live attempt.</summary>
    public string? LiveStage { get; set; }
    /// <summary>End of the lease.</summary>
    public long? LeaseUntil { get; set; }
    /// <summary>When the live attempt has run too long.</summary>
    public long? RunUntil { get; set; }

    /// <summary>W3C trace context of the request that made the edit; goes with every message about it.</summary>
    public string? TraceParent { get; init; }
    public long CreatedAt { get; init; }
    public long? StartedAt { get; set; }
    public long? CancelRequestedAt { get; set; }
    public long? CompletedAt { get; set; }
    /// <summary>End of the retention.</summary>
    public long? RemoveAfter { get; set; }
    /// <summary>Ticks that workers spent on an edit that succeeded; feeds the estimate of waiting times.</summary>
    public long? WorkTicks { get; set; }
    /// <summary>Milliseconds that all attempts spent inside the model.</summary>
    public double ModelMs { get; set; }

    /// <summary><see cref="Contracts.Edits.UnderstandingResult"/>.</summary>
    public string? UnderstandingJson { get; set; }
    /// <summary>List of <see cref="Contracts.Edits.EditOutput"/>.</summary>
    public string? OutputsJson { get; set; }
    /// <summary><see cref="Contracts.Models.ModelRun"/>: what made the results.</summary>
    public string? ModelJson { get; set; }
    /// <summary><see cref="Contracts.Edits.EditError"/>.</summary>
    public string? ErrorJson { get; set; }
    /// <summary><see cref="Edits.Approval"/>; null until the client approved.</summary>
    public string? ApprovalJson { get; set; }
    /// <summary><see cref="Edits.CancelReceipt"/>.</summary>
    public string? CancellationJson { get; set; }

    public List<AttemptRow> Attempts { get; } = [];
}
