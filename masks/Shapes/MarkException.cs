namespace FlexEdit.Masks.Shapes;

/// <summary>Marks that cannot be drawn. The message is one sentence for the client and begins with the field.</summary>
public sealed class MarkException : FormatException
{
    /// <summary>An error in one field.</summary>
    /// <param name="field">For example <c>mask_shapes[2].radius</c>.</param>
    /// <param name="problem">The rest of the sentence, for example <c>must be positive</c>.</param>
    public MarkException(string field, string problem)
        : base($"{field} {problem}") => Field = field;

    /// <summary>The faulty field, for example <c>mask_shapes[2].radius</c>.</summary>
    public string Field { get; }
}
