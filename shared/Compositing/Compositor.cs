using System.Runtime.InteropServices;
using FlexEdit.Imaging.Pixels;
using FlexEdit.Masks;

namespace FlexEdit.Compositing;

/// <summary>Puts what the model painted back into the scene so that, outside the edited region, every pixel stays byte for byte.</summary>
public static class Compositor
{
    /// <summary>Opacities below this do not count: half a step of eight bits.</summary>
    private const float LeastOpacity = 0.5f / 255;

    /// <summary>
    /// Blends only where the edited region's opacity is above 0 (<c>background: preserve</c>). The scene's own
    /// transparency is kept.
    /// </summary>
    /// <param name="scene">The upright scene.</param>
    /// <param name="crop">The crop that was given to the model, inside the scene.</param>
    /// <param name="picture">What it painted, side · side · 3 bytes RGB.</param>
    /// <param name="region">How much each pixel belongs to the edited region, side · side bytes.</param>
    /// <param name="side">R.</param>
    /// <param name="detail">What the scene's resolution adds to the picture; null for nothing.</param>
    public static CompositedPicture Preserve(
        RgbaImage scene, Box crop, ReadOnlySpan<byte> picture, ReadOnlySpan<byte> region, int side, SourceDetail? detail = null) =>
        Compose(scene, crop, picture, region, side, detail, everywhere: false);

    /// <summary>Pastes the whole crop (<c>background: free</c>). What differs outside the edited region is counted.</summary>
    /// <inheritdoc cref="Preserve"/>
    public static CompositedPicture Free(
        RgbaImage scene, Box crop, ReadOnlySpan<byte> picture, ReadOnlySpan<byte> region, int side, SourceDetail? detail = null) =>
        Compose(scene, crop, picture, region, side, detail, everywhere: true);

    private static CompositedPicture Compose(
        RgbaImage scene, Box crop, ReadOnlySpan<byte> picture, ReadOnlySpan<byte> region, int side, SourceDetail? detail, bool everywhere)
    {
        if (crop.IsEmpty || !scene.Frame.Contains(crop))
            throw new ArgumentException($"{crop} is empty or leaves a {scene.Width}x{scene.Height} scene.", nameof(crop));
        if (picture.Length != side * side * 3)
            throw new ArgumentException($"{picture.Length} bytes are no RGB picture of {side}x{side}.", nameof(picture));
        var colours = new RowResampler(Samples.Of(picture), side, side, 3, crop.Width, crop.Height, Kernel.Cubic);
        var opacities = new RowResampler(EditedAlpha.Of(region, side, crop, scene.Frame), side, side, 1, crop.Width, crop.Height, Kernel.Smooth);

        var pixels = scene.Crop(crop);
        var changed = new Mask(crop.Width, crop.Height);
        var outside = 0L;
        for (var y = 0; y < crop.Height; y++)
        {
            var opacity = opacities.Row(y);
            EditedAlpha.ClearBorder(opacity, y, crop, scene.Frame);
            if (!everywhere && !((ReadOnlySpan<float>)opacity).ContainsAnyInRange(LeastOpacity, float.MaxValue))
                continue;
            var before = scene.Row(crop.Y + y).Slice(crop.X * 4, crop.Width * 4);
            var after = pixels.Row(y);
            var painted = colours.Row(y);
            detail?.AddTo(painted, y);
            BlendRow(painted, opacity, after, everywhere);
            outside += MarkChanges(before, after, opacity, changed.Row(y));
        }

        var box = changed.Bounds;
        var inScene = box.IsEmpty ? default : box with { X = crop.X + box.X, Y = crop.Y + box.Y };
        return new CompositedPicture(scene, crop, pixels, inScene, changed.Count, outside, changed);
    }

    private static void BlendRow(ReadOnlySpan<float> colours, ReadOnlySpan<float> opacities, Span<byte> row, bool everywhere)
    {
        for (var x = 0; x < opacities.Length; x++)
        {
            var opacity = everywhere ? 1 : opacities[x];
            if (opacity < LeastOpacity)
                continue;
            var pixel = row.Slice(x * 4, 3);
            for (var band = 0; band < 3; band++)
            {
                var colour = Math.Clamp(colours[(x * 3) + band], 0, 255);
                pixel[band] = (byte)(pixel[band] + ((colour - pixel[band]) * opacity) + 0.5f);
            }
        }
    }

    // Looks at the pixels themselves: the proof must not follow from how they were made.
    private static long MarkChanges(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after, ReadOnlySpan<float> opacities, Span<byte> changed)
    {
        var from = MemoryMarshal.Cast<byte, uint>(before);
        var to = MemoryMarshal.Cast<byte, uint>(after);
        var outside = 0L;
        for (var x = 0; x < changed.Length; x++)
        {
            if (from[x] == to[x])
                continue;
            changed[x] = Mask.Marked;
            if (opacities[x] < LeastOpacity)
                outside++;
        }
        return outside;
    }
}
