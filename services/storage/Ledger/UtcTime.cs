namespace FlexEdit.Storage.Ledger;

/// <summary>The ledger's times as the API shows them: UTC, whole milliseconds.</summary>
internal static class UtcTime
{
    public static DateTime Of(long ticks) => new(ticks - (ticks % TimeSpan.TicksPerMillisecond), DateTimeKind.Utc);

    public static DateTime? Of(long? ticks) => ticks is { } value ? Of(value) : null;

    /// <summary>Milliseconds between two times of the ledger, never negative.</summary>
    public static double Milliseconds(long from, long to) => Math.Max(0, Math.Round((to - from) / (double)TimeSpan.TicksPerMillisecond, 1));
}
