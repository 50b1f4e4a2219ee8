namespace FlexEdit.Masks;

/// <summary>A rectangle of whole pixels: columns <c>X … Right-1</c>, rows <c>Y … Bottom-1</c>.</summary>
/// <param name="X">Left column.</param>
/// <param name="Y">Top row.</param>
/// <param name="Width">Columns, 0 for an empty box.</param>
/// <param name="Height">Rows, 0 for an empty box.</param>
public readonly record struct Box(int X, int Y, int Width, int Height)
{
    /// <summary>First column behind the box.</summary>
    public int Right => X + Width;

    /// <summary>First row below the box.</summary>
    public int Bottom => Y + Height;

    /// <summary>True when no pixel lies inside.</summary>
    public bool IsEmpty => Width <= 0 || Height <= 0;

    /// <summary>Pixels inside.</summary>
    public long Area => IsEmpty ? 0 : (long)Width * Height;

    /// <summary>The longer of width and height.</summary>
    public int LongerSide => Math.Max(Width, Height);

    /// <summary>Whether pixel (<paramref name="x"/>, <paramref name="y"/>) lies inside.</summary>
    public bool Contains(int x, int y) => x >= X && x < Right && y >= Y && y < Bottom;

    /// <summary>Whether every pixel of <paramref name="other"/> lies inside.</summary>
    public bool Contains(Box other) =>
        other.IsEmpty || (other.X >= X && other.Right <= Right && other.Y >= Y && other.Bottom <= Bottom);

    /// <summary>The pixels in both; the default (empty) box where there are none.</summary>
    public Box Intersect(Box other)
    {
        var left = Math.Max(X, other.X);
        var top = Math.Max(Y, other.Y);
        var right = Math.Min(Right, other.Right);
        var bottom = Math.Min(Bottom, other.Bottom);
        return right <= left || bottom <= top ? default : new Box(left, top, right - left, bottom - top);
    }

    /// <summary>The tightest box around both; an empty one adds nothing.</summary>
    public Box Union(Box other)
    {
        if (IsEmpty)
            return other;
        if (other.IsEmpty)
            return this;
        var left = Math.Min(X, other.X);
        var top = Math.Min(Y, other.Y);
        return new Box(left, top, Math.Max(Right, other.Right) - left, Math.Max(Bottom, other.Bottom) - top);
    }

    /// <summary>The box grown by <paramref name="pixels"/> on each side.</summary>
    public Box Grow(int pixels) => new(X - pixels, Y - pixels, Width + (2 * pixels), Height + (2 * pixels));
}
