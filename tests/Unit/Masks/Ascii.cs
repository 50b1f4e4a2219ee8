using FlexEdit.Masks;

namespace FlexEdit.Tests.Unit.Masks;

/// <summary>Masks as drawings: '#' marked, '.' not.</summary>
internal static class Ascii
{
    public static string Drawing(this Mask mask) => string.Join('\n', Enumerable.Range(0, mask.Height).Select(
        y => string.Concat(Enumerable.Range(0, mask.Width).Select(x => mask[x, y] ? '#' : '.'))));

    public static Mask Mask(string drawing)
    {
        var rows = drawing.ReplaceLineEndings("\n").Split('\n');
        var mask = new Mask(rows[0].Length, rows.Length);
        for (var y = 0; y < rows.Length; y++)
        {
            for (var x = 0; x < rows[y].Length; x++)
                mask[x, y] = rows[y][x] == '#';
        }

        return mask;
    }
}
