using System.Globalization;

namespace FlexEdit.Gateway.Limits;

/// <summary>
/// The headers <c>RateLimit-Policy</c> and <c>RateLimit</c> as lists of structured fields (draft-ietf-httpapi-ratelimit-headers-11). Policies:
/// <c>requests</c> and <c>edits</c>; the second one's <c>RateLimit</c> is told only where it is used up, for else only storage knows it.
/// </summary>
internal static class RateLimitHeaders
{
    public const string Policy = "RateLimit-Policy";
    public const string Limit = "RateLimit";

    /// <summary>Puts both on an answer; <paramref name="editsAfter"/>: when to come back with an edit that was one too many.</summary>
    public static void Set(IHeaderDictionary headers, RequestVerdict verdict, TimeSpan? editsAfter)
    {
        if (verdict.Limits is not { } limits)
            return;
        var (policies, states) = (new List<string>(2), new List<string>(2));
        if (limits.RequestsPerMinute > 0)
        {
            policies.Add(string.Create(CultureInfo.InvariantCulture, $"\"requests\";q={limits.RequestsPerMinute};w=60"));
            states.Add(string.Create(CultureInfo.InvariantCulture, $"\"requests\";r={verdict.Remaining};t={Seconds(verdict.ResetAfter)}"));
        }
        if (limits.EditsInFlight > 0)
        {
            policies.Add(string.Create(CultureInfo.InvariantCulture, $"\"edits\";q={limits.EditsInFlight};qu=\"concurrent-requests\""));
            if (editsAfter is { } wait)
                states.Add(string.Create(CultureInfo.InvariantCulture, $"\"edits\";r=0;t={Seconds(wait)}"));
        }
        if (policies.Count > 0)
            headers[Policy] = string.Join(", ", policies);
        if (states.Count > 0)
            headers[Limit] = string.Join(", ", states);
    }

    private static long Seconds(TimeSpan time) => (long)Math.Ceiling(time.TotalSeconds);
}
