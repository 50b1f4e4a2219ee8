using System.Text.RegularExpressions;
using FlexEdit.Masks;

namespace FlexEdit.Tests.EndToEnd.Fuzzing;

/// <summary>Ids that the server has given out to one tenant: some for good, and the newest of those that fuzzing met.</summary>
internal sealed partial class KnownIds
{
    private const int Most = 24;
    private readonly Dictionary<string, List<string>> _met = new(StringComparer.Ordinal);

    /// <summary>Takes every id in an answer in.</summary>
    public void Learn(string answer)
    {
        foreach (var id in IdOf.Matches(answer).Select(match => match.Value).Distinct())
        {
            var known = Of(id[..4]);
            if (known.Contains(id))
                continue;
            known.Add(id);
            if (known.Count > Most)
                known.RemoveAt(known.Count / 2); // The oldest stay: they are there on purpose.
        }
    }

    /// <summary>Takes one in that has no kind of its own before it.</summary>
    public void Know(string kind, string id) => Of(kind).Add(id);

    /// <summary>One of a kind; null where none is known.</summary>
    public string? Pick(SeededRandom random, string prefix) => Of(prefix) is { Count: > 0 } known ? random.Pick(known) : null;

    private List<string> Of(string prefix)
    {
        if (!_met.TryGetValue(prefix, out var known))
            _met[prefix] = known = [];
        return known;
    }

    [GeneratedRegex("(edt|ast|bat|whe|dlv)_[0-9a-z]{26}")]
    private static partial Regex IdOf { get; }
}
