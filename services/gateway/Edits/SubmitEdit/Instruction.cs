using System.Globalization;
using System.Text;
using FlexEdit.Contracts.Errors;
using FlexEdit.Platform.Problems;

namespace FlexEdit.Gateway.Edits.SubmitEdit;

/// <summary>τ: plain text. Whatever it says, it never becomes a control token or a command.</summary>
internal static class Instruction
{
    /// <summary>The instruction without the white space around it.</summary>
    /// <param name="text">As sent; null where the field is missing.</param>
    /// <param name="longest">Most code points.</param>
    /// <exception cref="ProblemException">422: missing, without a visible character, too long, or no Unicode text.</exception>
    public static string Read(string? text, int longest)
    {
        var trimmed = text?.Trim() ?? "";
        var (length, visible) = (0, false);
        for (var rest = trimmed.AsSpan(); !rest.IsEmpty; length++)
        {
            if (length == longest)
                throw new ProblemException(TooLong(longest));
            if (Rune.DecodeFromUtf16(rest, out var rune, out var used) != System.Buffers.OperationStatus.Done || rune.Value == 0)
                throw new ProblemException(Problem.Unprocessable(ErrorCodes.InstructionInvalid, "The instruction holds a NUL or half a surrogate pair.", FieldNames.Instruction));
            visible |= IsVisible(rune);
            rest = rest[used..];
        }

        return visible ? trimmed : throw new ProblemException(Problem.Unprocessable(
            ErrorCodes.InstructionRequired, "Say in 'instruction' what is to happen at the mask, for example 'remove the chair'.", FieldNames.Instruction));
    }

    /// <summary>The refusal of a text that is too long.</summary>
    public static Problem TooLong(int longest) => Problem.Unprocessable(
        ErrorCodes.InstructionTooLong, $"The instruction is longer than {longest} characters (Unicode code points).", FieldNames.Instruction);

    private static bool IsVisible(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse
            or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark => false,
        // Letters by category, but blank: the Hangul fillers and the empty Braille pattern.
        _ => rune.Value is not (0x115F or 0x1160 or 0x3164 or 0xFFA0 or 0x2800),
    };
}
