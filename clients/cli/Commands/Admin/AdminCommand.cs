using System.CommandLine;
using FlexEdit.Cli.Showing;

namespace FlexEdit.Cli.Commands.Admin;

/// <summary><c>flexedit admin keys|tenants …</c>: for the operator, who holds the installation's internal token.</summary>
public static class AdminCommand
{
    /// <summary>The commands.</summary>
    public static Command Create(Terminal terminal)
    {
        var storage = new Option<string?>("--storage") { Description = "Address of the storage service; FLEXEDIT__Internal__StorageUrl sets a default", HelpName = "URL", Recursive = true };
        return new Command("admin", "Look after an installation; the internal token is read from FLEXEDIT__Internal__Token")
        {
            storage,
            KeyCommands.Create(terminal, storage),
            TenantCommands.Create(terminal, storage),
        };
    }
}
