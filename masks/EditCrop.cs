namespace FlexEdit.Masks;

/// <summary>
/// The part of a picture that is given to the model: a square around the mask's box. Training and serving cut it
/// with this same code, because a model edits best what looks like what it was trained on.
/// </summary>
public static class EditCrop
{
    /// <summary>What the service uses: a crop twice as long as the mask's box.</summary>
    public const double ServiceFactor = 2.0;

    /// <summary>No crop is smaller, however small the mask (pixels), unless the picture is.</summary>
    public const int SmallestSide = 16;

    /// <summary>
    /// The square with side <paramref name="factor"/> x the longer side of <paramref name="maskBox"/> around its
    /// centre, moved into the picture. In a picture too narrow for that it is as large a square as fits; only
    /// where the mask itself is longer than that does it become a rectangle, 1.1 x as long as the mask.
    /// </summary>
    /// <param name="maskBox">The box of the mask, inside the picture.</param>
    /// <param name="width">The picture's width, pixels.</param>
    /// <param name="height">The picture's height, pixels.</param>
    /// <param name="factor">At least 1.</param>
    /// <returns>A box inside the picture that contains <paramref name="maskBox"/>.</returns>
    /// <exception cref="ArgumentException">The box is empty or leaves the picture.</exception>
    public static Box Around(Box maskBox, int width, int height, double factor = ServiceFactor)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(factor, 1);
        if (maskBox.IsEmpty || !new Box(0, 0, width, height).Contains(maskBox))
            throw new ArgumentException($"{maskBox} is empty or leaves a {width}x{height} picture.", nameof(maskBox));

        var wanted = Math.Max(SmallestSide, (int)Math.Ceiling(factor * maskBox.LongerSide));
        var side = Math.Min(wanted, Math.Min(width, height));
        var cropWidth = Extent(side, maskBox.Width, width);
        var cropHeight = Extent(side, maskBox.Height, height);
        return new Box(
            Start(maskBox.X, maskBox.Width, cropWidth, width),
            Start(maskBox.Y, maskBox.Height, cropHeight, height),
            cropWidth,
            cropHeight);
    }

    private static int Extent(int side, int mask, int picture) =>
        side >= mask ? side : Math.Min(picture, (mask * 11 / 10) + 1);

    // In half pixels, so that the centre needs no rounding rule of floating point.
    private static int Start(int mask, int maskLength, int length, int picture) =>
        Math.Clamp(((2 * mask) + maskLength - length) >> 1, 0, picture - length);
}
