using System.Text;

namespace FlexEdit.Models.Schedulers;

/// <summary>
/// Published configurations were written by Python and may hold bare <c>-Infinity</c>, <c>Infinity</c> and <c>NaN</c>, which JSON
/// (RFC 8259, section 6) does not allow.
/// </summary>
internal static class PublishedJson
{
    private static readonly string[] Literals = ["-Infinity", "Infinity", "NaN"];

    /// <summary>The text with those three words quoted wherever they stand outside a string.</summary>
    public static string QuoteNonFinite(string json)
    {
        var result = new StringBuilder(json.Length + 16);
        var inString = false;
        for (var i = 0; i < json.Length; i++)
        {
            var c = json[i];
            if (!inString && Literals.FirstOrDefault(l => string.CompareOrdinal(json, i, l, 0, l.Length) == 0) is { } literal)
            {
                result.Append('"').Append(literal).Append('"');
                i += literal.Length - 1;
                continue;
            }
            result.Append(c);
            if (inString && c == '\\' && i + 1 < json.Length)
                result.Append(json[++i]);
            else if (c == '"')
                inString = !inString;
        }
        return result.ToString();
    }
}
