using System.Globalization;
using FlexEdit.Contracts.Errors;
using FlexEdit.Gateway.Edits.SubmitEdit;
using FlexEdit.Platform.Problems;

namespace FlexEdit.Gateway.Edits.ApproveEdit;

/// <summary>What a client says that the mask means: it takes the place of the model's label between two quotes of its answer, as plain text.</summary>
internal static class Label
{
    /// <summary>Longest label, UTF-16 units.</summary>
    public const int Longest = 100;

    /// <summary>The label without the white space around it; null where none is given.</summary>
    /// <param name="text">As sent.</param>
    /// <param name="isRead">Whether the edit's model reads labels, as its card says.</param>
    /// <exception cref="ProblemException">422 <c>label_invalid</c>: blank, too long, with a quote or a control character, or for a model that reads no label.</exception>
    public static string? Read(string? text, bool isRead)
    {
        if (text is null)
            return null;
        var label = text.Trim();
        if (!isRead)
            throw Wrong("The edit's model reads no label; correct the instruction or the mask instead");
        if (label.Length is 0 or > Longest)
            throw Wrong($"A label has 1 to {Longest} characters");
        return label.Any(c => c == '"' || char.IsControl(c) || char.IsSurrogate(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format)
            ? throw Wrong("A label is a few plain words, without quotes and control characters")
            : label;
    }

    private static ProblemException Wrong(string what) => new(Problem.Unprocessable(ErrorCodes.LabelInvalid, $"{what}.", FieldNames.Label));
}
