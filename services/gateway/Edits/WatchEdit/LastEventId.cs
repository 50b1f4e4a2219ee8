using System.Globalization;

namespace FlexEdit.Gateway.Edits.WatchEdit;

/// <summary>Where a client that connects again has got to.</summary>
internal static class LastEventId
{
    /// <summary>The sequence number in <c>sequence</c> or <c>sequence.step</c>; 0, the beginning, for anything else.</summary>
    public static long Sequence(string? header)
    {
        var number = header.AsSpan();
        var dot = number.IndexOf('.');
        return long.TryParse(dot < 0 ? number : number[..dot], NumberStyles.None, CultureInfo.InvariantCulture, out var sequence) ? sequence : 0;
    }
}
