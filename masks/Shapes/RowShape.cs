namespace FlexEdit.Masks.Shapes;

/// <summary>A mark that is drawn one row of pixel centres at a time, so that it needs no memory but a row.</summary>
internal abstract class RowShape
{
    /// <summary>Upper and lower end, in coordinates.</summary>
    public abstract (double Top, double Bottom) Extent { get; }

    /// <summary>Marks the pixels of <paramref name="row"/>, which is empty, whose centres (x + ½, <paramref name="y"/>) are covered.</summary>
    public abstract void Paint(Span<byte> row, double y);
}
