using FlexEdit.Contracts.Edits;

namespace FlexEdit.Storage.Edits;

/// <summary>The objects that an edit was given.</summary>
internal static class InputKeys
{
    /// <summary>Every object key of the inputs, once.</summary>
    public static IEnumerable<string> Keys(this EditInputs inputs) =>
        new[] { inputs.Scene, inputs.Mask, inputs.Subject }
            .OfType<InputPicture>()
            .SelectMany(picture => new[] { picture.OriginalKey, picture.UprightKey })
            .OfType<string>()
            .Distinct(StringComparer.Ordinal);
}
