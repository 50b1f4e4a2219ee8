using System.Globalization;

namespace FlexEdit.Storage.Usage;

/// <summary>Days of UTC, counted from the year 1.</summary>
internal static class UsageDays
{
    /// <summary>The day of a time in UTC ticks.</summary>
    public static int Of(long ticks) => (int)(ticks / TimeSpan.TicksPerDay);

    /// <summary>As <c>2026-11-23</c>.</summary>
    public static string Text(int day) => DateOnly.FromDayNumber(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Reads <c>2026-11-23</c>; null where it is no day.</summary>
    public static int? Read(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day.DayNumber : null;
}
