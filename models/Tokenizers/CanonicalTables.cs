using System.Collections.Frozen;
using System.Globalization;

namespace FlexEdit.Models.Tokenizers;

/// <summary>The tables of <c>canonical.txt</c>, which says what its lines mean.</summary>
internal sealed record CanonicalTables(
    FrozenDictionary<int, byte> Classes,
    FrozenDictionary<int, (int First, int Second)> Decompositions,
    FrozenDictionary<(int First, int Second), int> Compositions)
{
    public int ClassOf(int point) => Classes.TryGetValue(point, out var value) ? value : 0;

    public static CanonicalTables Load()
    {
        Dictionary<int, byte> classes = [];
        Dictionary<int, (int, int)> decompositions = [];
        Dictionary<(int, int), int> compositions = [];
        using var stream = typeof(CanonicalTables).Assembly.GetManifestResourceStream("FlexEdit.Models.Tokenizers.canonical.txt")
            ?? throw new InvalidOperationException("The resource canonical.txt is missing from the assembly.");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#'))
                continue;
            if (line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon)
            {
                ReadClass(line, colon, classes);
                continue;
            }
            foreach (var entry in line.Split(';'))
            {
                var sign = entry.IndexOfAny(['=', '~']);
                var point = Hex(entry[..sign]);
                var parts = entry[(sign + 1)..].Split(' ');
                var pair = (Hex(parts[0]), parts.Length > 1 ? Hex(parts[1]) : 0);
                decompositions.Add(point, pair);
                if (entry[sign] == '=')
                    compositions.Add(pair, point);
            }
        }
        return new CanonicalTables(classes.ToFrozenDictionary(), decompositions.ToFrozenDictionary(), compositions.ToFrozenDictionary());
    }

    private static void ReadClass(string line, int colon, Dictionary<int, byte> classes)
    {
        var value = byte.Parse(line[..colon], CultureInfo.InvariantCulture);
        foreach (var range in line[(colon + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var ends = range.Split('-');
            for (var point = Hex(ends[0]); point <= Hex(ends[^1]); point++)
                classes.Add(point, value);
        }
    }

    private static int Hex(string text) => int.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
