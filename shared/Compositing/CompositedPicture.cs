using FlexEdit.Imaging.Pixels;
using FlexEdit.Masks;

namespace FlexEdit.Compositing;

/// <summary>A finished picture: the scene with its crop exchanged. The scene itself is shared and stays as it is.</summary>
/// <param name="Scene">The upright scene.</param>
/// <param name="Crop">Where pixels may differ from it.</param>
/// <param name="CropPixels">The crop's pixels.</param>
/// <param name="Region">The tightest box around every pixel that differs; empty when none does.</param>
/// <param name="ChangedPixels">Pixels that differ.</param>
/// <param name="ChangedOutside">Pixels that differ although they lie outside the edited region.</param>
/// <param name="Changed">Marks exactly the pixels of the crop that differ; at the crop's size.</param>
public sealed record CompositedPicture(
    RgbaImage Scene, Box Crop, RgbaImage CropPixels, Box Region, long ChangedPixels, long ChangedOutside, Mask Changed)
{
    /// <summary>Copies one row of the whole picture, <c>width · 4</c> bytes.</summary>
    public void CopyRow(int y, Span<byte> row)
    {
        Scene.Row(y).CopyTo(row);
        if (y >= Crop.Y && y < Crop.Bottom)
            CropPixels.Row(y - Crop.Y).CopyTo(row[(Crop.X * 4)..]);
    }

    /// <summary>The whole picture in memory of its own.</summary>
    /// <param name="withAlpha">False: the scene's file has no alpha channel, so the result gets none.</param>
    public Raster ToRaster(bool withAlpha)
    {
        if (withAlpha)
        {
            var rgba = new RgbaImage(Scene.Width, Scene.Height);
            for (var y = 0; y < Scene.Height; y++)
                CopyRow(y, rgba.Row(y));
            return rgba;
        }
        var rgb = new RgbImage(Scene.Width, Scene.Height);
        var row = new byte[Scene.Width * 4];
        for (var y = 0; y < Scene.Height; y++)
        {
            CopyRow(y, row);
            var target = rgb.Row(y);
            for (int from = 0, to = 0; from < row.Length; from += 4, to += 3)
            {
                target[to] = row[from];
                target[to + 1] = row[from + 1];
                target[to + 2] = row[from + 2];
            }
        }
        return rgb;
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
