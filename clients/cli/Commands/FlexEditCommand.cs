using System.CommandLine;
using FlexEdit.Cli.Commands.Admin;
using FlexEdit.Cli.Showing;

namespace FlexEdit.Cli.Commands;

/// <summary>The <c>flexedit</c> program: its commands, and how it is run.</summary>
public static class FlexEditCommand
{
    /// <summary>Runs a command line.</summary>
    /// <param name="arguments">Without the program's name.</param>
    /// <param name="terminal">Where to write.</param>
    /// <param name="cancellationToken">Interrupts.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, Terminal terminal, CancellationToken cancellationToken = default)
    {
        var configuration = new InvocationConfiguration
        {
            Output = terminal.Out.Profile.Out.Writer,
            Error = terminal.Error.Profile.Out.Writer,
        };
        var parsed = Create(terminal).Parse(arguments);
        var code = await parsed.InvokeAsync(configuration, cancellationToken);
        return parsed.Errors.Count > 0 ? ExitCode.Usage : code;
    }

    private static RootCommand Create(Terminal terminal)
    {
        var server = new ServerOptions();
        var root = new RootCommand("Edits pictures by a rough mask and an instruction, on a FlexEdit server.\n"
            + "Exit codes: 0 done; 1 refused, not succeeded or unreadable file; 2 wrong command line; 3 no server; 130 interrupted.");
        server.AddTo(root);
        root.Subcommands.Add(EditCommand.Create(terminal, server));
        root.Subcommands.Add(ApproveCommand.Create(terminal, server));
        root.Subcommands.Add(JobCommands.Get(terminal, server));
        root.Subcommands.Add(JobCommands.Watch(terminal, server));
        root.Subcommands.Add(JobCommands.Cancel(terminal, server));
        root.Subcommands.Add(ListCommand.Create(terminal, server));
        root.Subcommands.Add(ModelsCommand.Create(terminal, server));
        root.Subcommands.Add(MasksCommand.Create(terminal));
        root.Subcommands.Add(BenchCommand.Create(terminal, server));
        root.Subcommands.Add(SamplesCommand.Create(terminal, server));
        root.Subcommands.Add(AdminCommand.Create(terminal));
        return root;
    }
}
