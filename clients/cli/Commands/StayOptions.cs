using System.CommandLine;
using System.CommandLine.Parsing;
using FlexEdit.Cli.Api;
using FlexEdit.Cli.Showing;
using FlexEdit.Contracts.Edits;
using Spectre.Console;

namespace FlexEdit.Cli.Commands;

/// <summary><c>--watch</c> and <c>-o</c>: staying with an edit until it has ended.</summary>
public sealed class StayOptions
{
    private readonly Option<string?> _output = OutputFiles.CreateOption();
    private readonly Option<bool> _watch = new("--watch") { Description = "Show the edit while it is made" };

    /// <summary>Makes the options known.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_output);
        command.Options.Add(_watch);
    }

    /// <summary>Whether a result is to be saved.</summary>
    public bool Saves(CommandResult command) => command.GetResult(_output) is not null;

    /// <summary>Follows an edit to where <paramref name="enough"/> says, or to its end, in lines or silently.</summary>
    public Task<EditJob> FollowAsync(FlexEditClient client, ParseResult parsed, string id, Terminal terminal, CancellationToken cancellationToken, Func<EditJob, bool>? enough = null)
    {
        var feed = new EditFeed(client, TimeProvider.System);
        return parsed.GetValue(_watch)
            ? new EditDisplay(terminal, feed).FollowAsync(id, cancellationToken, enough)
            : feed.FollowAsync(id, static _ => { }, cancellationToken, enough);
    }

    /// <summary>Stays with an edit to its end and saves its results, where the command line says either.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public async Task<int> StayAsync(FlexEditClient client, ParseResult parsed, string id, Terminal terminal, CancellationToken cancellationToken)
    {
        var path = parsed.GetValue(_output);
        if (path is null && !parsed.GetValue(_watch))
            return ExitCode.Done;
        var job = await FollowAsync(client, parsed, id, terminal, cancellationToken);
        if (job.Status != EditStatus.Succeeded)
            return Complain(terminal, job);
        if (path is not null)
            await OutputFiles.SaveAsync(client, job, path, terminal, cancellationToken);
        return ExitCode.Done;
    }

    /// <summary>Says how an edit ended that did not succeed.</summary>
    /// <returns><see cref="ExitCode.Failed"/>.</returns>
    public static int Complain(Terminal terminal, EditJob job)
    {
        terminal.Error.WriteLine($"error: {Wording.Ending(job)}");
        return ExitCode.Failed;
    }
}
