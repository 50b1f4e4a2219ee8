using FlexEdit.Masks;

namespace FlexEdit.Training.World;

/// <summary>An object at another size and place: the mean over each pixel, colours weighted by opacity.</summary>
internal readonly ref struct ObjectSampler
{
    private const int MostSamples = 4;
    private readonly ReadOnlySpan<byte> _rgba;
    private readonly int _width, _height, _samples;
    private readonly float _step, _left, _top;
    private readonly bool _mirror;

    /// <param name="thing">The object.</param>
    /// <param name="scale">Pixels of the result per pixel of the object.</param>
    /// <param name="left">Where its left edge comes.</param>
    /// <param name="top">Where its upper edge comes.</param>
    /// <param name="mirror">Left and right exchanged.</param>
    public ObjectSampler(WorldObject thing, double scale, double left, double top, bool mirror)
    {
        _rgba = thing.Rgba;
        (_width, _height, _mirror) = (thing.Width, thing.Height, mirror);
        (_step, _left, _top) = ((float)(1 / scale), (float)left, (float)top);
        _samples = Math.Clamp((int)Math.Ceiling(1 / scale), 2, MostSamples);
    }

    /// <summary>Opacity, 0 to 1, and colour, 0 to 255, of the pixel (column, row).</summary>
    public float At(int column, int row, out float red, out float green, out float blue)
    {
        float opacity = 0;
        red = green = blue = 0;
        for (var i = 0; i < _samples; i++)
        {
            var v = (int)MathF.Floor((row + ((i + 0.5f) / _samples) - _top) * _step);
            if ((uint)v >= (uint)_height)
                continue;
            for (var j = 0; j < _samples; j++)
            {
                var u = (int)MathF.Floor((column + ((j + 0.5f) / _samples) - _left) * _step);
                if ((uint)u >= (uint)_width)
                    continue;
                var pixel = _rgba.Slice(((v * _width) + (_mirror ? _width - 1 - u : u)) * 4, 4);
                float a = pixel[3];
                red += pixel[0] * a;
                green += pixel[1] * a;
                blue += pixel[2] * a;
                opacity += a;
            }
        }

        if (opacity > 0)
            (red, green, blue) = (red / opacity, green / opacity, blue / opacity);
        return opacity / (255f * _samples * _samples);
    }

    /// <summary>The object's pixels (at least half opaque) in a mask, drawn centred at (cx, cy).</summary>
    public static void Mark(Mask mask, WorldObject thing, double cx, double cy, double longer, bool mirror)
    {
        var scale = longer / thing.LongerSide;
        var (width, height) = (thing.Width * scale, thing.Height * scale);
        var (left, top) = (cx - (width / 2), cy - (height / 2));
        for (var row = Math.Max(0, (int)top); row < Math.Min(mask.Height, (int)Math.Ceiling(top + height)); row++)
        {
            var v = Math.Clamp((int)((row + 0.5 - top) / scale), 0, thing.Height - 1);
            for (var column = Math.Max(0, (int)left); column < Math.Min(mask.Width, (int)Math.Ceiling(left + width)); column++)
            {
                var u = Math.Clamp((int)((column + 0.5 - left) / scale), 0, thing.Width - 1);
                if (thing.Rgba[(((v * thing.Width) + (mirror ? thing.Width - 1 - u : u)) * 4) + 3] >= 128)
                    mask[column, row] = true;
            }
        }
    }
}
