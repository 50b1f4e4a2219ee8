using FlexEdit.Imaging;
using FlexEdit.Imaging.Pixels;
using FlexEdit.Masks;

namespace FlexEdit.Cli.Samples;

/// <summary>Draws <c>scene | free-shape mask | result</c> side by side.</summary>
public static class Triptych
{
    private const int TallestPanel = 640;
    private const int Gap = 12;
    private const int SceneLight = 60; // percent of the scene's light that is left around the mask
    private const int MaskCover = 80; // percent of white over the scene under the mask

    /// <summary>The three panels at equal heights on white; the mask is translucent white over a darkened scene.</summary>
    /// <param name="scene">The upright scene.</param>
    /// <param name="mask">Of the scene's size.</param>
    /// <param name="result">Of the scene's size.</param>
    public static RgbImage Draw(RgbaImage scene, Mask mask, RgbaImage result)
    {
        var before = scene.Over(255, 255, 255);
        return SideBySide([Panel(before), Panel(Overlay(before, mask)), Panel(result.Over(255, 255, 255))]);
    }

    private static RgbImage Overlay(RgbImage scene, Mask mask)
    {
        if (mask.Width != scene.Width || mask.Height != scene.Height)
            throw new ArgumentException($"The mask has {mask.Width}x{mask.Height} pixels, the scene {scene.Width}x{scene.Height}.", nameof(mask));
        var result = new RgbImage(scene.Width, scene.Height);
        for (var i = 0; i < result.Pixels.Length; i++)
        {
            var light = scene.Pixels[i];
            result.Pixels[i] = (byte)(mask.Pixels[i / 3] != 0
                ? ((255 * MaskCover) + (light * (100 - MaskCover))) / 100
                : light * SceneLight / 100);
        }
        return result;
    }

    private static RgbImage Panel(RgbImage picture)
    {
        var height = Math.Min(picture.Height, TallestPanel);
        var width = Math.Max(1, (int)Math.Round((double)picture.Width * height / picture.Height));
        return PictureResize.To(picture, width, height);
    }

    private static RgbImage SideBySide(IReadOnlyList<RgbImage> panels)
    {
        var sheet = new RgbImage(panels.Sum(panel => panel.Width) + (Gap * (panels.Count + 1)), panels[0].Height + (2 * Gap));
        sheet.Pixels.AsSpan().Fill(255);
        var left = Gap;
        foreach (var panel in panels)
        {
            for (var y = 0; y < panel.Height; y++)
                panel.Row(y).CopyTo(sheet.Row(y + Gap)[(left * 3)..]);
            left += panel.Width + Gap;
        }
        return sheet;
    }
}
