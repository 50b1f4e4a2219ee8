using System.CommandLine;
using FlexEdit.Cli.Api;
using FlexEdit.Cli.Showing;
using FlexEdit.Contracts.Edits;
using Spectre.Console;

namespace FlexEdit.Cli.Commands;

/// <summary><c>flexedit edit</c>: submits an edit; with <c>-o</c> or <c>--watch</c> stays until it has ended.</summary>
public static class EditCommand
{
    /// <summary>The command.</summary>
    public static Command Create(Terminal terminal, ServerOptions server)
    {
        var fields = new EditFields();
        var output = OutputFiles.CreateOption();
        var watch = new Option<bool>("--watch") { Description = "Show the edit while it is made" };
        var command = new Command("edit", "Edit a picture") { output, watch };
        fields.AddTo(command);
        command.SetGuardedAction(terminal, async (parsed, cancellationToken) =>
        {
            using var client = server.Open(parsed);
            var job = await client.SubmitAsync(fields.Read(parsed), cancellationToken);
            terminal.Out.WriteLine(job.Id);
            var path = parsed.GetValue(output);
            if (path is null && !parsed.GetValue(watch))
                return ExitCode.Done;

            var feed = new EditFeed(client, TimeProvider.System);
            job = parsed.GetValue(watch)
                ? await new EditDisplay(terminal, feed).FollowAsync(job.Id, cancellationToken)
                : await feed.FollowAsync(job.Id, static _ => { }, cancellationToken);
            if (job.Status != EditStatus.Succeeded)
            {
                terminal.Error.WriteLine($"error: {Wording.Ending(job)}");
                return ExitCode.Failed;
            }
            if (path is not null)
                await OutputFiles.SaveAsync(client, job, path, terminal, cancellationToken);
            return ExitCode.Done;
        });
        return command;
    }
}
