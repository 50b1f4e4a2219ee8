using FlexEdit.Cli.Commands;
using FlexEdit.Cli.Showing;

return await FlexEditCommand.RunAsync(args, Terminal.OfProcess());
