using FlexEdit.Contracts.Tenants;

namespace FlexEdit.Gateway.Limits;

/// <summary>What this server takes.</summary>
/// <param name="Picture">Of one picture.</param>
/// <param name="Instruction">Of the instruction.</param>
/// <param name="MaskShapes">Of a list of marks.</param>
/// <param name="Metadata">Of an edit's own string pairs.</param>
/// <param name="Results">Of the results of one edit.</param>
/// <param name="Request">Of one request.</param>
/// <param name="Batch">Of one batch.</param>
/// <param name="Tenant">Of all that a tenant does.</param>
/// <param name="Edits">Of an edit's way.</param>
/// <param name="Retention">How long things are kept.</param>
/// <param name="Webhooks">Of webhooks.</param>
internal sealed record LimitsView(
    PictureLimitsView Picture, InstructionLimitsView Instruction, MaskShapesLimitsView MaskShapes, MetadataLimitsView Metadata,
    ResultLimitsView Results, RequestLimitsView Request, BatchLimitsView Batch, TenantLimitsView Tenant, EditLimits Edits, RetentionLimits Retention, WebhookLimits Webhooks)
{
    /// <summary>Always <c>limits</c>.</summary>
    public string Object { get; init; } = "limits";
}

/// <summary>Limits of one picture.</summary>
/// <param name="Formats">Media types that are taken.</param>
/// <param name="MaxBytes">Largest file, bytes.</param>
/// <param name="MaxPixels">Most pixels.</param>
/// <param name="MaxSide">Longest side, pixels.</param>
/// <param name="DecodeSeconds">How long decoding may take.</param>
/// <param name="FetchSeconds">How long fetching one from its URL may take.</param>
internal sealed record PictureLimitsView(IReadOnlyList<string> Formats, long MaxBytes, long MaxPixels, int MaxSide, double DecodeSeconds, double FetchSeconds);

/// <summary>Limits of an instruction.</summary>
/// <param name="MaxCodePoints">Longest, in Unicode code points.</param>
internal sealed record InstructionLimitsView(int MaxCodePoints);

/// <summary>Limits of a list of marks.</summary>
/// <param name="MaxShapes">Most marks.</param>
/// <param name="MaxPoints">Most points of all marks together.</param>
/// <param name="MaxBytes">Longest text, bytes.</param>
internal sealed record MaskShapesLimitsView(int MaxShapes, int MaxPoints, int MaxBytes);

/// <summary>Limits of metadata.</summary>
/// <param name="MaxPairs">Most pairs.</param>
/// <param name="MaxNameLength">Longest name, UTF-16 units.</param>
/// <param name="MaxValueLength">Longest value, UTF-16 units.</param>
internal sealed record MetadataLimitsView(int MaxPairs, int MaxNameLength, int MaxValueLength);

/// <summary>Limits of results.</summary>
/// <param name="MaxN">Most results of one edit.</param>
internal sealed record ResultLimitsView(int MaxN);

/// <summary>Limits of one request.</summary>
/// <param name="MaxBytes">Largest body, bytes.</param>
/// <param name="MaxWaitSeconds">Longest <c>Prefer: wait=N</c>.</param>
internal sealed record RequestLimitsView(long MaxBytes, double MaxWaitSeconds);

/// <summary>Limits of one batch.</summary>
/// <param name="MaxLines">Most edits.</param>
/// <param name="MaxBytes">Largest body, bytes.</param>
/// <param name="MaxCustomIdLength">Longest <c>custom_id</c>, UTF-16 units.</param>
internal sealed record BatchLimitsView(int MaxLines, long MaxBytes, int MaxCustomIdLength);

/// <summary>Limits of all that a tenant does; beyond them the answer is 429.</summary>
/// <param name="RequestsPerMinute">Requests a minute; as many may come at once after a quiet minute. Null: no limit.</param>
/// <param name="EditsInFlight">Edits that have not ended, at once. Null: no limit.</param>
internal sealed record TenantLimitsView(int? RequestsPerMinute, int? EditsInFlight);
