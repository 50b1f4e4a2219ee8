using System.Text.Json;
using FlexEdit.Imaging;
using FlexEdit.Imaging.Pixels;
using FlexEdit.Masks;
using FlexEdit.Training.World;

namespace FlexEdit.Tests.Unit.World;

/// <summary>A world of a few dozen plain discs and noisy photographs, in the folder form that training/assets/fetch leaves.</summary>
public sealed class TinyWorld : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("world-").FullName;

    public TinyWorld()
    {
        var names = new Dictionary<string, object>();
        Directory.CreateDirectory(Path.Combine(_folder, "objects"));
        Directory.CreateDirectory(Path.Combine(_folder, "photographs"));
        (string Name, string Group)[] things =
        [
            ("red apple", "Food & Drink"), ("chair", "Objects"), ("backpack", "Objects"), ("lemon", "Food & Drink"),
            ("wine glass", "Food & Drink"), ("twelve o’clock", "Travel & Places"), ("flag: Iceland", "Flags"),
            .. Enumerable.Range(0, 40).Select(i => ($"thing {i}", "Objects")),
        ];
        for (var i = 0; i < things.Length; i++)
        {
            var emoji = char.ConvertFromUtf32(0x1F400 + i);
            names[emoji] = new { name = things[i].Name, group = things[i].Group };
            File.WriteAllBytes(
                Path.Combine(_folder, "objects", $"{0x1F400 + i:x4}.webp"), PictureEncoder.Webp(Disc((byte)(i * 5))));
        }

        File.WriteAllText(Path.Combine(_folder, "names.json"), JsonSerializer.Serialize(names));
        for (var i = 0; i < 24; i++)
            File.WriteAllBytes(Path.Combine(_folder, "photographs", $"view-{i}.png"), PictureEncoder.Png(View((ulong)i)));
        Catalog = new WorldCatalog(_folder);
    }

    public WorldCatalog Catalog { get; }

    public string Folder => _folder;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static RgbaImage Disc(byte shade)
    {
        var image = new RgbaImage(64, 64);
        for (var y = 0; y < 64; y++)
        {
            for (var x = 0; x < 64; x++)
            {
                var inside = ((x - 32) * (x - 32)) + ((y - 30) * (y - 30)) < 24 * 24;
                ((byte[])[shade, (byte)(255 - shade), 90, inside ? (byte)255 : (byte)0]).CopyTo(image.Pixel(x, y));
            }
        }

        return image;
    }

    private static RgbImage View(ulong seed)
    {
        var random = new SeededRandom(seed);
        var image = new RgbImage(400, 300);
        for (var i = 0; i < image.Pixels.Length; i++)
            image.Pixels[i] = (byte)random.Next(256);
        return image;
    }
}
