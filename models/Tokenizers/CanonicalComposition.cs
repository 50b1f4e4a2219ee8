using System.Text;

namespace FlexEdit.Models.Tokenizers;

/// <summary>
/// Unicode normalisation form C (UAX #15). The platform's own <see cref="string.Normalize()"/> does nothing in globalization-invariant mode,
/// in which every program of this project runs; tokenizers must not depend on that.
/// </summary>
public static class CanonicalComposition
{
    // Below U+0300 nothing combines and nothing decomposes to something that is not composed again.
    private const char FirstCombining = '\u0300';

    // Hangul syllables are made by arithmetic (Unicode Standard, section 3.12).
    private const int Leading = 0x1100, Vowel = 0x1161, Trailing = 0x11A7, Syllable = 0xAC00;
    private const int Leadings = 19, Vowels = 21, Trailings = 28;

    private static readonly CanonicalTables Tables = CanonicalTables.Load();

    /// <summary>Puts text into form C. Halves of a surrogate pair that stand alone become U+FFFD.</summary>
    public static string Normalize(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange(FirstCombining, char.MaxValue))
            return text;
        var points = new List<int>(text.Length);
        foreach (var rune in text.EnumerateRunes())
            Decompose(rune.Value, points);
        Order(points);
        Compose(points);
        var result = new StringBuilder(text.Length);
        foreach (var point in points)
            result.Append(new Rune(point).ToString());
        return result.ToString();
    }

    private static void Decompose(int point, List<int> into)
    {
        var index = point - Syllable;
        if (index is >= 0 and < Leadings * Vowels * Trailings)
        {
            into.Add(Leading + index / (Vowels * Trailings));
            into.Add(Vowel + index % (Vowels * Trailings) / Trailings);
            if (index % Trailings > 0)
                into.Add(Trailing + index % Trailings);
        }
        else if (Tables.Decompositions.TryGetValue(point, out var parts))
        {
            Decompose(parts.First, into);
            if (parts.Second != 0)
                Decompose(parts.Second, into);
        }
        else
        {
            into.Add(point);
        }
    }

    /// <summary>Sorts each run of combining characters by class, keeping the order within a class.</summary>
    private static void Order(List<int> points)
    {
        for (var i = 1; i < points.Count; i++)
        {
            var point = points[i];
            var own = Tables.ClassOf(point);
            if (own == 0)
                continue;
            var j = i;
            for (; j > 0 && Tables.ClassOf(points[j - 1]) > own; j--)
                points[j] = points[j - 1];
            points[j] = point;
        }
    }

    private static void Compose(List<int> points)
    {
        var starter = -1;
        var kept = 0;
        var lastClass = -1;
        for (var i = 0; i < points.Count; i++)
        {
            var point = points[i];
            var own = Tables.ClassOf(point);
            // A character is blocked when one of the same or a higher class, or another starter, stands between it and the starter.
            if (starter >= 0 && lastClass < own && Joined(points[starter], point) is { } whole)
            {
                points[starter] = whole;
                continue;
            }
            if (own == 0)
                starter = kept;
            lastClass = own == 0 ? -1 : own;
            points[kept++] = point;
        }
        points.RemoveRange(kept, points.Count - kept);
    }

    private static int? Joined(int first, int second)
    {
        if (first is >= Leading and < Leading + Leadings && second is >= Vowel and < Vowel + Vowels)
            return Syllable + ((first - Leading) * Vowels + second - Vowel) * Trailings;
        if (first is >= Syllable and < Syllable + Leadings * Vowels * Trailings && (first - Syllable) % Trailings == 0
            && second is > Trailing and < Trailing + Trailings)
        {
            return first + second - Trailing;
        }
        return Tables.Compositions.TryGetValue((first, second), out var whole) ? whole : null;
    }
}
