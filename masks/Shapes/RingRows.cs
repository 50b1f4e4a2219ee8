namespace FlexEdit.Masks.Shapes;

/// <summary>The line along a stroke's outline: within the stroke grown by half the line, not inside of the one shrunk by it.</summary>
internal sealed class RingRows(MarkPoint[] points, double line, int width) : RowShape
{
    private readonly StrokeRows _outer = new(points, line / 2);
    private readonly StrokeRows _inner = new(points, -line / 2, strict: true);
    private readonly byte[] _row = new byte[width];

    public override (double Top, double Bottom) Extent => _outer.Extent;

    public override void Paint(Span<byte> row, double y)
    {
        _outer.Paint(row, y);
        Array.Clear(_row);
        _inner.Paint(_row, y);
        for (var x = 0; x < row.Length; x++)
            row[x] &= (byte)~_row[x];
    }
}
