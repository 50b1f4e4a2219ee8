using FlexEdit.Masks;

namespace FlexEdit.Generation.Compositing;

/// <summary>A finished picture: the scene with its crop exchanged. The scene itself is shared and stays as it is.</summary>
/// <param name="Scene">The upright scene.</param>
/// <param name="Crop">Where pixels may differ from it.</param>
/// <param name="CropPixels">The crop's pixels with the scene's bands, row by row.</param>
/// <param name="Region">The tightest box around every pixel that differs; empty when none does.</param>
/// <param name="ChangedPixels">Pixels that differ.</param>
/// <param name="ChangedOutside">Pixels that differ although they lie outside the edited region.</param>
/// <param name="Changed">Marks exactly the pixels of the crop that differ; at the crop's size.</param>
public sealed record CompositedPicture(
    SceneRaster Scene, Box Crop, byte[] CropPixels, Box Region, long ChangedPixels, long ChangedOutside, Mask Changed)
{
    /// <summary>Copies one row of the whole picture, <c>width · bands</c> bytes.</summary>
    public void CopyRow(int y, Span<byte> row)
    {
        Scene.Row(y).CopyTo(row);
        if (y < Crop.Y || y >= Crop.Bottom)
            return;
        var length = Crop.Width * Scene.Bands;
        CropPixels.AsSpan((y - Crop.Y) * length, length).CopyTo(row[(Crop.X * Scene.Bands)..]);
    }

    /// <summary>The pixels that differ, marked in a mask of the scene's size.</summary>
    public Mask EditedMask()
    {
        var mask = new Mask(Scene.Width, Scene.Height);
        for (var y = 0; y < Crop.Height; y++)
            Changed.Row(y).CopyTo(mask.Row(Crop.Y + y)[Crop.X..]);
        return mask;
    }
}
