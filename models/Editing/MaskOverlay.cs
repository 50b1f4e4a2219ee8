namespace FlexEdit.Models.Editing;

/// <summary>The mask drawn on the picture, as the language model sees it: there is no mask channel (paper, figure 3).</summary>
public static class MaskOverlay
{
    /// <summary>Share of white where the mask marks.</summary>
    public const float Opacity = 0.5f;

    /// <summary>Blends white over the marked pixels of an RGB picture; both have the same number of pixels.</summary>
    public static byte[] Draw(ReadOnlySpan<byte> rgb, ReadOnlySpan<byte> mask)
    {
        if (rgb.Length != mask.Length * 3)
            throw new ArgumentException($"The picture has {rgb.Length / 3} pixels, the mask {mask.Length}.");
        var drawn = rgb.ToArray();
        for (var i = 0; i < mask.Length; i++)
        {
            if (mask[i] < 128)
                continue;
            for (var c = 0; c < 3; c++)
                drawn[(i * 3) + c] = (byte)MathF.Round((drawn[(i * 3) + c] * (1 - Opacity)) + (255 * Opacity));
        }
        return drawn;
    }
}
