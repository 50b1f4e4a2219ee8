using System.CommandLine;
using System.Globalization;
using FlexEdit.Cli.Api;
using FlexEdit.Cli.Showing;
using Spectre.Console;

namespace FlexEdit.Cli.Commands;

/// <summary><c>flexedit list</c>: edits, newest first.</summary>
public static class ListCommand
{
    /// <summary>The command.</summary>
    public static Command Create(Terminal terminal, ServerOptions server)
    {
        var status = new Option<string?>("--status") { Description = "Only edits with this status", HelpName = "STATUS" };
        var limit = new Option<int?>("--limit") { Description = "Edits a page", HelpName = "N" };
        var after = new Option<string?>("--after") { Description = "Go on behind this cursor", HelpName = "CURSOR" };
        var command = new Command("list", "List edits, newest first") { status, limit, after };
        command.SetGuardedAction(terminal, async (parsed, cancellationToken) =>
        {
            using var client = server.Open(parsed);
            Write(terminal, await client.ListAsync(parsed.GetValue(status), parsed.GetValue(after), parsed.GetValue(limit), cancellationToken));
            return ExitCode.Done;
        });
        return command;
    }

    private static void Write(Terminal terminal, Page<EditJob> page)
    {
        if (page.Data.Count == 0)
        {
            terminal.Out.WriteLine("No edits.");
            return;
        }
        var table = new Table { Border = TableBorder.None, ShowHeaders = true };
        foreach (var heading in (string[])["ID", "STATUS", "MODEL", "CREATED", "INSTRUCTION"])
            table.AddColumn(new TableColumn(heading) { NoWrap = heading != "INSTRUCTION" });
        foreach (var job in page.Data)
        {
            table.AddRow(
                Markup.Escape(job.Id), Markup.Escape(job.Status), Markup.Escape(job.Model),
                job.CreatedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                Markup.Escape(job.Instruction));
        }
        terminal.Out.Write(table);
        if (page.HasMore)
            terminal.Out.WriteLine($"More with --after {page.Next}");
    }
}
