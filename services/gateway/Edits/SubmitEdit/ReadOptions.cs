using System.Globalization;
using System.Security.Cryptography;
using FlexEdit.Contracts.Edits;
using FlexEdit.Contracts.Errors;
using FlexEdit.Contracts.Models;
using FlexEdit.Platform.Problems;

namespace FlexEdit.Gateway.Edits.SubmitEdit;

/// <summary>The sampler's and the result's options: what was asked for, else the model card's defaults, always within its ranges.</summary>
internal static class ReadOptions
{
    /// <summary>Most results of one edit.</summary>
    public const int MostResults = 4;

    /// <summary>What may become of the pixels outside, the default first.</summary>
    public static readonly string[] Backgrounds = ["preserve", "free"];

    /// <summary>Formats of results, the default first.</summary>
    public static readonly string[] Formats = ["png", "jpeg", "webp"];

    /// <summary>All options filled in.</summary>
    /// <exception cref="ProblemException">400: of another type; 422 <c>option_out_of_range</c>, naming the option.</exception>
    public static EditOptions Run(EditFields fields, ModelCard card, bool hasSubject)
    {
        var n = (int)Whole(fields, FieldNames.N, 1, MostResults, 1);
        var lastSeed = uint.MaxValue - (uint)(n - 1);
        var subjectScale = Ranged(fields, card, FieldNames.SubjectScale, card.Defaults.SubjectScale);
        return new EditOptions
        {
            N = n,
            Seed = (uint)Whole(fields, FieldNames.Seed, 0, lastSeed, null),
            Steps = (int)Ranged(fields, card, FieldNames.Steps, card.Defaults.Steps, whole: true),
            GuidanceScale = Ranged(fields, card, FieldNames.GuidanceScale, card.Defaults.GuidanceScale),
            ImageGuidanceScale = Ranged(fields, card, FieldNames.ImageGuidanceScale, card.Defaults.ImageGuidanceScale),
            SubjectScale = hasSubject ? subjectScale : 0,
            Background = Chosen(fields, FieldNames.Background, Backgrounds),
            OutputFormat = Chosen(fields, FieldNames.OutputFormat, Formats),
            Profile = Chosen(fields, FieldNames.Profile, card.Profiles),
            PauseAfter = fields.Choice(FieldNames.PauseAfter) is null ? null : Chosen(fields, FieldNames.PauseAfter, [EditStage.Understanding]),
        };
    }

    /// <summary>One of a few words, the first of which is the default.</summary>
    public static string Chosen(EditFields fields, string name, IReadOnlyList<string> words)
    {
        var word = fields.Choice(name) ?? words[0];
        return words.Contains(word) ? word : throw OutOfRange(name, $"must be one of {string.Join(", ", words)}");
    }

    /// <summary>A whole number within a range; where it is missing <paramref name="otherwise"/>, or, where that is null too, a drawn one.</summary>
    public static double Whole(EditFields fields, string name, double least, double greatest, double? otherwise) =>
        fields.Number(name) is not { } value ? otherwise ?? RandomUpTo(greatest)
        : value >= least && value <= greatest && double.IsInteger(value) ? value
        : throw OutOfRange(name, $"must be a whole number from {Show(least)} to {Show(greatest)}");

    private static double RandomUpTo(double greatest)
    {
        Span<byte> bytes = stackalloc byte[4];
        RandomNumberGenerator.Fill(bytes);
        return Math.Min(BitConverter.ToUInt32(bytes), greatest);
    }

    private static double Ranged(EditFields fields, ModelCard card, string name, double otherwise, bool whole = false)
    {
        if (fields.Number(name) is not { } value)
            return otherwise;
        // What the card gives no range for cannot be chosen.
        var (least, greatest) = card.Ranges.TryGetValue(name, out var range) && range.Count == 2 ? (range[0], range[1]) : (otherwise, otherwise);
        return value >= least && value <= greatest && (!whole || double.IsInteger(value))
            ? value
            : throw OutOfRange(name, $"must be a {(whole ? "whole " : "")}number from {Show(least)} to {Show(greatest)} for {card.Id}");
    }

    private static string Show(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);

    private static ProblemException OutOfRange(string name, string what) =>
        new(Problem.Unprocessable(ErrorCodes.OptionOutOfRange, $"{name} {what}.", name));
}
