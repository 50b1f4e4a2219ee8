namespace FlexEdit.Gateway.Edits.SubmitEdit;

/// <summary>What a field of a request becomes.</summary>
/// <param name="Name">Its name among <see cref="EditFields"/>.</param>
/// <param name="Shape">How it is written.</param>
internal readonly record struct FieldUse(string Name, FieldShape Shape = FieldShape.Value);

/// <summary>How a field is written.</summary>
internal enum FieldShape
{
    /// <summary>A text, number, truth value, list or object.</summary>
    Value,
    /// <summary>A picture: a file in a form, a string in JSON.</summary>
    Picture,
    /// <summary>A picture that JSON names in an object, <c>{"image_url": …}</c> or <c>{"file_id": …}</c>; a file in a form.</summary>
    PictureReference,
    /// <summary>A JSON list, of which every item is again a field of this name with <c>[]</c> behind it.</summary>
    List,
    /// <summary>A JSON object, of which every member is again a field, of this name, a dot and the member's.</summary>
    Fields,
}
