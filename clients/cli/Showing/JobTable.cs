using FlexEdit.Cli.Api;
using Spectre.Console;

namespace FlexEdit.Cli.Showing;

/// <summary>One edit as a small table of what a person asks about.</summary>
public static class JobTable
{
    /// <summary>Writes it.</summary>
    public static void Write(Terminal terminal, EditJob job)
    {
        var table = new Table { Border = TableBorder.None, ShowHeaders = false };
        table.AddColumn(new TableColumn("") { NoWrap = true });
        table.AddColumn("");
        foreach (var (name, value) in Rows(job))
            table.AddRow(name, Markup.Escape(value));
        terminal.Out.Write(table);
    }

    private static IEnumerable<(string Name, string Value)> Rows(EditJob job)
    {
        yield return ("id", job.Id);
        yield return ("status", job.Stage is null ? job.Status : $"{job.Status}, {job.Stage}");
        if (job.Queue?.Position is { } position)
            yield return ("queue", $"place {position}");
        if (job.Progress is { } progress)
            yield return ("progress", $"step {progress.Step} of {progress.Steps}");
        yield return ("model", job.Model);
        yield return ("instruction", job.Instruction);
        foreach (var (name, picture) in new[] { ("scene", job.Inputs?.Scene), ("mask", job.Inputs?.Mask), ("subject", job.Inputs?.Subject) })
        {
            if (picture is { Width: > 0 })
                yield return (name, string.Join("; ", picture.Report.Prepend($"{picture.Width}x{picture.Height}")));
        }
        if (job.Understanding is { } understanding)
            yield return ("understood", Wording.Understood(understanding));
        foreach (var output in job.Outputs)
            yield return ($"result {output.Index}", Result(output));
        if (job.Error is { } error)
            yield return ("error", $"{error.Detail} ({error.Code})");
        if (job.Timings is not null)
            yield return ("timings", Wording.Stages(job));
    }

    private static string Result(JobOutput output)
    {
        var text = $"{output.Url}, {output.Width}x{output.Height}, seed {output.Seed}";
        return output.Preservation is { } proof
            ? $"{text}, {proof.ChangedPixels} pixels changed in [{string.Join(", ", proof.Region)}], {proof.ChangedOutside} outside"
            : text;
    }
}
