using FlexEdit.Imaging;
using FlexEdit.Imaging.Pixels;
using FlexEdit.Tests.EndToEnd.Pictures;

namespace FlexEdit.Tests.EndToEnd.Doors;

/// <summary>A folder with the pictures that the scripts send: <c>scene.png</c>, <c>subject.png</c>, and <c>mask.png</c>, transparent in a square.</summary>
internal sealed class DoorPictures : IDisposable
{
    public const int Width = 320;
    public const int Height = 240;

    public DoorPictures()
    {
        File.WriteAllBytes(Path.Combine(Folder, "scene.png"), Scenes.PhotographPng(Width, Height));
        File.WriteAllBytes(Path.Combine(Folder, "subject.png"), Scenes.SubjectPng());
        File.WriteAllBytes(Path.Combine(Folder, "mask.png"), PictureEncoder.Png(Mask()));
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("flexedit-doors-").FullName;

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static RgbaImage Mask()
    {
        var mask = new RgbaImage(Width, Height);
        for (var y = 0; y < Height; y++)
        {
            for (var x = 0; x < Width; x++)
                mask.Pixel(x, y)[3] = (byte)(x is >= 120 and < 190 && y is >= 90 and < 150 ? 0 : 255);
        }

        return mask;
    }
}
