namespace FlexEdit.Evaluation.Cases;

/// <summary>What a line of <c>cases.jsonl</c> has to obey; every breach is told at once.</summary>
internal static class CaseRules
{
    private static readonly string[] Kinds = [EvaluationCase.Single, EvaluationCase.Multiple];
    private static readonly string[] MaskKinds = ["circle", "rectangle", "triangle", "irregular", "hollow_circle", "hollow_rectangle", "hollow_triangle", "hollow_irregular", "walk"];
    private static readonly string[] Orientations = ["up", "right", "down", "left"];
    private static readonly string[] Settings = ["indoor", "outdoor"];
    private static readonly string[] SubjectKinds = ["simple", "complex"];

    public static void Check(EvaluationCase read, string folder, string place, List<string> problems)
    {
        if (read.Id.Length == 0 || read.Id.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.')))
            problems.Add($"{place}: the id '{read.Id}' may have letters, digits, '-', '_' and '.' only");
        OneOf(read.Kind, "kind", Kinds);
        OneOf(read.MaskKind, "mask_kind", MaskKinds);
        OneOf(read.Orientation, "orientation", Orientations);
        OneOf(read.Setting, "setting", Settings);
        OneOf(read.SubjectKind, "subject_kind", SubjectKinds);
        if (read.Instruction.Length == 0)
            problems.Add($"{place}: 'instruction' is empty");
        if ((read.Kind == EvaluationCase.Multiple) != (read.Subject is not null))
            problems.Add($"{place}: a multiple case has a 'subject', a single one has none");
        OneForm(read.Mask, "mask");
        OneForm(read.Region, "region");
        if (read.FullMask is not null)
            OneForm(read.FullMask, "full_mask");
        if (read.Expected.At is { Count: not 2 })
            problems.Add($"{place}: 'expected.at' is [x, y]");
        foreach (var file in (string?[])[read.Scene, read.Subject, read.Expected.File, read.Mask.File, read.Region.File, read.FullMask?.File])
            Exists(file);

        void OneOf(string? value, string field, string[] known)
        {
            if (value is not null && !known.Contains(value))
                problems.Add($"{place}: '{field}' is '{value}'; known are {string.Join(", ", known)}");
        }

        void OneForm(CaseMask mask, string field)
        {
            if (((mask.Shapes is null ? 0 : 1) + (mask.Rle is null ? 0 : 1) + (mask.File is null ? 0 : 1)) != 1)
                problems.Add($"{place}: '{field}' has exactly one of 'shapes', 'rle' and 'file'");
        }

        // A case never reaches out of its folder.
        void Exists(string? file)
        {
            if (file is null)
                return;
            var root = Path.GetFullPath(folder) + Path.DirectorySeparatorChar;
            var path = Path.GetFullPath(Path.Combine(root, file));
            if (!path.StartsWith(root, StringComparison.Ordinal))
                problems.Add($"{place}: '{file}' is not inside of the folder");
            else if (!File.Exists(path))
                problems.Add($"{place}: '{file}' is missing");
        }
    }
}
