using System.CommandLine;
using FlexEdit.Cli.Api;
using FlexEdit.Cli.Showing;
using FlexEdit.Contracts.Edits;
using Spectre.Console;

namespace FlexEdit.Cli.Commands;

/// <summary><c>flexedit get | watch | cancel ID</c>: the commands about one edit.</summary>
public static class JobCommands
{
    /// <summary>Shows an edit as it is now; saves its results with <c>--output</c>.</summary>
    public static Command Get(Terminal terminal, ServerOptions server)
    {
        var id = Id();
        var json = JsonOption.Create();
        var output = OutputFiles.CreateOption();
        var command = new Command("get", "Show an edit, and save its results") { id, json, output };
        command.SetGuardedAction(terminal, async (parsed, cancellationToken) =>
        {
            using var client = server.Open(parsed);
            var edit = parsed.GetRequiredValue(id);
            if (parsed.GetValue(json))
                JsonOption.Write(terminal, await client.GetJsonAsync($"/v1/edits/{Uri.EscapeDataString(edit)}", cancellationToken));
            var job = await client.GetAsync(edit, cancellationToken);
            if (!parsed.GetValue(json))
                JobTable.Write(terminal, job);
            if (parsed.GetValue(output) is { } path)
                await OutputFiles.SaveAsync(client, job, path, terminal, cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>Follows an edit to its end.</summary>
    public static Command Watch(Terminal terminal, ServerOptions server)
    {
        var id = Id();
        var command = new Command("watch", "Follow an edit to its end; exit code 0 only if it succeeds") { id };
        command.SetGuardedAction(terminal, async (parsed, cancellationToken) =>
        {
            using var client = server.Open(parsed);
            var display = new EditDisplay(terminal, new EditFeed(client, TimeProvider.System));
            var job = await display.FollowAsync(parsed.GetRequiredValue(id), cancellationToken);
            return job.Status == EditStatus.Succeeded ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    /// <summary>Asks the server to cancel.</summary>
    public static Command Cancel(Terminal terminal, ServerOptions server)
    {
        var id = Id();
        var command = new Command("cancel", "Cancel an edit; one that has ended keeps its result") { id };
        command.SetGuardedAction(terminal, async (parsed, cancellationToken) =>
        {
            using var client = server.Open(parsed);
            var job = await client.CancelAsync(parsed.GetRequiredValue(id), cancellationToken);
            terminal.Out.WriteLine($"{job.Id}: {job.Status}");
            return ExitCode.Done;
        });
        return command;
    }

    private static Argument<string> Id() => new("id") { Description = "The edit's id, edt_…", HelpName = "ID" };
}
