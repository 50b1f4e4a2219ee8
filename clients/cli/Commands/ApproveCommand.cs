using System.CommandLine;
using FlexEdit.Cli.Api;
using FlexEdit.Cli.Showing;
using Spectre.Console;

namespace FlexEdit.Cli.Commands;

/// <summary><c>flexedit approve ID</c>: lets an edit that awaits approval go on, corrected where the options say so.</summary>
public static class ApproveCommand
{
    /// <summary>The command.</summary>
    public static Command Create(Terminal terminal, ServerOptions server)
    {
        var id = new Argument<string>("id") { Description = "The edit's id, edt_…", HelpName = "ID" };
        var label = new Option<string?>("--label") { Description = "What the mask means instead", HelpName = "TEXT" };
        var instruction = new Option<string?>("--instruction", "-i") { Description = "What to do instead", HelpName = "TEXT" };
        var mask = new Option<string?>("--mask") { Description = "Another mask, a picture", HelpName = "FILE" };
        var shapes = new Option<string?>("--shapes") { Description = "Another mask: marks as JSON, or a file of them", HelpName = "JSON|FILE" };
        var polarity = new Option<string?>("--mask-polarity") { Description = "What the mask's pixels mean (auto)", HelpName = "POLARITY" };
        var stay = new StayOptions();
        var command = new Command("approve", "Let an edit go on that awaits approval, perhaps corrected") { id, label, instruction, mask, shapes, polarity };
        stay.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(mask) is not null && result.GetResult(shapes) is not null)
                result.AddError("Give --mask or --shapes, not both.");
        });
        command.SetGuardedAction(terminal, async (parsed, cancellationToken) =>
        {
            using var client = server.Open(parsed);
            var approval = new EditApproval
            {
                Label = parsed.GetValue(label),
                Instruction = parsed.GetValue(instruction),
                MaskPath = parsed.GetValue(mask),
                MaskPolarity = parsed.GetValue(polarity),
                Shapes = parsed.GetValue(shapes) is { } marks ? ShapesText.Read(marks) : null,
            };
            var job = await client.ApproveAsync(parsed.GetRequiredValue(id), approval, cancellationToken);
            terminal.Out.WriteLine($"{job.Id}: {job.Status}");
            return await stay.StayAsync(client, parsed, job.Id, terminal, cancellationToken);
        });
        return command;
    }
}
