using System.Globalization;
using FlexEdit.Contracts;
using FlexEdit.Platform.Problems;

namespace FlexEdit.Storage.Reads;

/// <summary>The pages that every list of the public API comes in.</summary>
internal static class Page
{
    private const int Usual = 20;
    private const int Longest = 100;

    /// <summary>The id behind which a page begins; null for the first page.</summary>
    /// <param name="after">As the client sent it.</param>
    /// <param name="prefix">How ids of the list begin.</param>
    /// <exception cref="ProblemException">400: it is no such id.</exception>
    public static string? After(string? after, string prefix) => after is null || Ids.IsWellFormed(after, prefix) ? after
        : throw new ProblemException(Problem.Malformed("'after' is the 'next' of an earlier page.", "after"));

    /// <summary>Most entries of a page.</summary>
    /// <param name="limit">As the client sent it; null: 20.</param>
    /// <exception cref="ProblemException">400: no whole number from 1 to 100.</exception>
    public static int Limit(string? limit) => limit is null ? Usual
        : int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value is >= 1 and <= Longest ? value
        : throw new ProblemException(Problem.Malformed($"'limit' is a whole number from 1 to {Longest}.", "limit"));

    /// <summary>The answer.</summary>
    /// <param name="data">The entries.</param>
    /// <param name="hasMore">Whether there are more behind the last of them, whose id is then the <c>next</c>.</param>
    /// <param name="idOf">The id of an entry.</param>
    public static IResult Of<T>(IReadOnlyList<T> data, bool hasMore, Func<T, string> idOf) =>
        Results.Json(new { Object = "list", Data = data, HasMore = hasMore, Next = hasMore ? idOf(data[^1]) : null }, ContractJson.Options);
}
