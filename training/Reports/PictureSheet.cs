using NetVips;

namespace FlexEdit.Training.Reports;

/// <summary>A grid of equal square pictures, for people to look at.</summary>
public sealed class PictureSheet(int side, int columns)
{
    private readonly List<byte[]> cells = [];

    /// <summary>Adds a picture, side·side·3 bytes.</summary>
    public void Add(byte[] rgb) => cells.Add(rgb);

    /// <summary>Writes the sheet with a white line between pictures, as PNG or JPEG by the ending of its name.</summary>
    public void Write(string path)
    {
        const int gap = 2;
        var rows = (cells.Count + columns - 1) / columns;
        var (width, height) = ((columns * (side + gap)) + gap, (rows * (side + gap)) + gap);
        var sheet = new byte[width * height * 3];
        Array.Fill(sheet, (byte)255);
        for (var i = 0; i < cells.Count; i++)
        {
            var (x, y) = (((i % columns) * (side + gap)) + gap, ((i / columns) * (side + gap)) + gap);
            for (var row = 0; row < side; row++)
                Array.Copy(cells[i], row * side * 3, sheet, (((y + row) * width) + x) * 3, side * 3);
        }
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        using var image = Image.NewFromMemory(sheet, width, height, 3, Enums.BandFormat.Uchar);
        image.WriteToFile(path);
    }
}
