using System.CommandLine;
using FlexEdit.Cli.Showing;
using FlexEdit.Contracts.Edits;
using Spectre.Console;

namespace FlexEdit.Cli.Commands;

/// <summary>
/// <c>flexedit edit</c>: submits an edit; with <c>-o</c> or <c>--watch</c> stays until it has ended, with <c>--pause</c> until it shows what it understood.
/// </summary>
public static class EditCommand
{
    /// <summary>The command.</summary>
    public static Command Create(Terminal terminal, ServerOptions server)
    {
        var fields = new EditFields();
        var stay = new StayOptions();
        var pause = new Option<bool>("--pause") { Description = "Stop once it is understood, and show that; 'flexedit approve' lets it go on" };
        var command = new Command("edit", "Edit a picture") { pause };
        stay.AddTo(command);
        fields.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(pause) && stay.Saves(result))
                result.AddError("--pause stops before there is a result; save it with 'flexedit approve ID -o FILE'.");
        });
        command.SetGuardedAction(terminal, async (parsed, cancellationToken) =>
        {
            using var client = server.Open(parsed);
            var pauses = parsed.GetValue(pause);
            var edit = fields.Read(parsed);
            var job = await client.SubmitAsync(pauses ? edit with { PauseAfter = EditStage.Understanding } : edit, cancellationToken);
            terminal.Out.WriteLine(job.Id);
            if (!pauses)
                return await stay.StayAsync(client, parsed, job.Id, terminal, cancellationToken);

            job = await stay.FollowAsync(client, parsed, job.Id, terminal, cancellationToken, static now => now.Status == EditStatus.AwaitingApproval);
            if (job.Status != EditStatus.AwaitingApproval)
                return job.Status == EditStatus.Succeeded ? ExitCode.Done : StayOptions.Complain(terminal, job);
            foreach (var line in Wording.ForApproval(job))
                terminal.Out.WriteLine(line);
            return ExitCode.Done;
        });
        return command;
    }
}
