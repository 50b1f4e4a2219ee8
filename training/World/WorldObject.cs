using FlexEdit.Imaging.Decoding;
using FlexEdit.Masks;

namespace FlexEdit.Training.World;

/// <summary>A rendered object with opacity, cut to the box of what is visible.</summary>
/// <param name="Name">Its name in the world's language, or its Unicode name where the language does not know it.</param>
/// <param name="Known">Whether the name is in the vocabulary.</param>
/// <param name="HeldOut">Never trained on.</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Rgba">Width·Height·4 bytes.</param>
public sealed record WorldObject(string Name, bool Known, bool HeldOut, int Width, int Height, byte[] Rgba)
{
    // A tenth of full opacity: soft shadows around an object are no part of its box.
    private const byte Visible = 26;

    /// <summary>The longer side in pixels.</summary>
    public int LongerSide => Math.Max(Width, Height);

    /// <summary>Reads an object's picture and cuts it to what is visible.</summary>
    public static WorldObject Read(string name, bool known, bool heldOut, string file)
    {
        var picture = PictureDecoder.DecodeFile(file).Pixels;
        var box = Mask.FromSamples(picture.Alpha().Pixels, picture.Width, picture.Height, Visible).Bounds;
        if (box.IsEmpty)
            throw new InvalidDataException($"{file} shows nothing.");
        return new WorldObject(name, known, heldOut, box.Width, box.Height, picture.Crop(box).Pixels);
    }
}
