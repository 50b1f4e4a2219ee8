using System.Globalization;
using System.Text.RegularExpressions;
using FlexEdit.Platform.Problems;
using Microsoft.Extensions.Primitives;

namespace FlexEdit.Gateway.Edits.SubmitEdit;

/// <summary>The headers that say how an edit is to be answered and when it is too late for it.</summary>
/// <param name="Wait">How long to wait for the result (<c>Prefer: wait=N</c>, RFC 7240); null: do not.</param>
/// <param name="Prefers">Whether there was a preference at all, which is to be confirmed.</param>
/// <param name="CancelAfter">Longest time until the start; null for the server's.</param>
/// <param name="IdempotencyKey">1 to 255 printable ASCII characters; null without one.</param>
/// <param name="Repetition">How often the client has sent the request before, as the generated clients of OpenAI and Replicate count it (<c>x-stainless-retry-count</c>); null: it does not say.</param>
internal sealed partial record CallHeaders(TimeSpan? Wait, bool Prefers, TimeSpan? CancelAfter, string? IdempotencyKey, int? Repetition = null)
{
    private const string RepetitionName = "x-stainless-retry-count";
    private const string IdempotencyKeyName = "Idempotency-Key";
    private const int LongestKey = 255;
    private const string CancelAfterName = "Cancel-After";
    private static readonly TimeSpan LongestDeadline = TimeSpan.FromHours(24);

    /// <summary>No header says anything.</summary>
    public static CallHeaders None { get; } = new(null, false, null, null);

    /// <summary>Reads them.</summary>
    /// <exception cref="ProblemException">400: <c>Cancel-After</c> is no duration from 1 s to 24 h, or <c>Idempotency-Key</c> no key. Unknown preferences are passed over, as RFC 7240 asks.</exception>
    public static CallHeaders Read(IHeaderDictionary headers, TimeSpan longestWait)
    {
        var (wait, prefers) = Prefer(headers["Prefer"], longestWait);
        return new CallHeaders(wait, prefers, Deadline(headers[CancelAfterName]), Key(headers[IdempotencyKeyName]), Count(headers[RepetitionName]));
    }

    /// <summary>What <c>Preference-Applied</c> says; null where nothing was preferred.</summary>
    public string? Applied(bool finished) =>
        !Prefers ? null
        : finished && Wait is { } wait ? $"wait={(int)wait.TotalSeconds}"
        : "respond-async";

    private static (TimeSpan? Wait, bool Prefers) Prefer(StringValues header, TimeSpan longest)
    {
        var prefers = false;
        foreach (var preference in header.SelectMany(line => (line ?? "").Split(',')).Select(one => one.Split(';')[0].Trim()))
        {
            prefers |= preference.Equals("respond-async", StringComparison.OrdinalIgnoreCase);
            if (WaitPattern.Match(preference) is not { Success: true } match)
                continue;
            // Beside respond-async a wait says how long to try (RFC 7240, section 4.3).
            var seconds = match.Groups["seconds"] is { Success: true } given
                ? double.Parse(given.Value, CultureInfo.InvariantCulture)
                : longest.TotalSeconds;
            return (TimeSpan.FromSeconds(Math.Min(seconds, longest.TotalSeconds)), true);
        }

        return (null, prefers);
    }

    private static TimeSpan? Deadline(StringValues header)
    {
        if (header.Count == 0)
            return null;
        if (DurationPattern.Match(header.ToString()) is { Success: true } match)
        {
            var duration = TimeSpan.FromHours(Part(match, "h")) + TimeSpan.FromMinutes(Part(match, "m")) + TimeSpan.FromSeconds(Part(match, "s"));
            if (duration >= TimeSpan.FromSeconds(1) && duration <= LongestDeadline)
                return duration;
        }

        throw new ProblemException(Problem.Malformed($"{CancelAfterName} must be a duration from 1s to 24h, for example 90s or 1h30m.", CancelAfterName));
    }

    private static int? Count(StringValues header) => int.TryParse(header, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : null;

    private static string? Key(StringValues header) => header switch
    {
        [] => null,
        [{ Length: >= 1 and <= LongestKey } key] when key.All(c => c is >= ' ' and <= '~') => key,
        _ => throw new ProblemException(Problem.Malformed($"{IdempotencyKeyName} must be one text of 1 to {LongestKey} printable ASCII characters.", IdempotencyKeyName)),
    };

    private static int Part(Match match, string unit) =>
        match.Groups[unit] is { Success: true } group ? int.Parse(group.Value, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex("""^wait(?:\s*=\s*"?(?<seconds>[0-9]{1,9})"?)?\z""", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex WaitPattern { get; }

    [GeneratedRegex(@"^(?:(?<h>[0-9]{1,6})h)?(?:(?<m>[0-9]{1,6})m)?(?:(?<s>[0-9]{1,6})s?)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex DurationPattern { get; }
}
