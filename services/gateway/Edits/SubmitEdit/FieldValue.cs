namespace FlexEdit.Gateway.Edits.SubmitEdit;

/// <summary>A field that is no picture, as it was sent.</summary>
/// <param name="Text">A form's text; of a JSON string its contents; of other JSON its own text.</param>
/// <param name="Source">What the text is.</param>
internal sealed record FieldValue(string Text, FieldSource Source);

/// <summary>Where a value comes from, which decides what types it can have.</summary>
internal enum FieldSource
{
    /// <summary>A form: everything is text.</summary>
    Form,
    /// <summary>A JSON string.</summary>
    JsonString,
    /// <summary>A JSON number.</summary>
    JsonNumber,
    /// <summary>A JSON list or object.</summary>
    JsonTree,
    /// <summary>A JSON true or false.</summary>
    JsonTruth,
}
