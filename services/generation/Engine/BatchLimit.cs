namespace FlexEdit.Generation.Engine;

/// <summary>How many pictures go into one step: falls when memory runs out, and rises again slowly.</summary>
internal sealed class BatchLimit
{
    private const int QuietSteps = 64;

    private readonly int _slots;
    private int _quiet;

    /// <summary>Begins at <paramref name="slots"/>, which it never exceeds.</summary>
    public BatchLimit(int slots) => Value = _slots = slots;

    /// <summary>The present limit, 1 to the slots.</summary>
    public int Value { get; private set; }

    /// <summary>A step over <paramref name="pictures"/> ran out of memory.</summary>
    public void RanOut(int pictures) => LowerTo(pictures / 2);

    /// <summary>There is memory for <paramref name="pictures"/> at most.</summary>
    public void LowerTo(int pictures) => (Value, _quiet) = (Math.Max(1, Math.Min(Value, pictures)), 0);

    /// <summary>A step went well.</summary>
    public void WentWell()
    {
        if (Value == _slots || ++_quiet < QuietSteps)
            return;
        (Value, _quiet) = (Value + 1, 0);
    }
}
