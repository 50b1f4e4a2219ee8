using System.CommandLine;
using System.Text.Json;
using FlexEdit.Cli.Api;
using FlexEdit.Cli.Showing;
using FlexEdit.Evaluation.Cases;
using FlexEdit.Imaging;
using FlexEdit.Masks.Shapes;
using FlexEdit.Models.Checkpoints;
using Spectre.Console;

namespace FlexEdit.Cli.Commands;

/// <summary>Runs a command and turns what goes wrong into one sentence and an exit code.</summary>
public static class Guard
{
    /// <summary>Gives the command its action.</summary>
    public static void SetGuardedAction(this Command command, Terminal terminal, Func<ParseResult, CancellationToken, Task<int>> action) =>
        command.SetAction((parsed, cancellationToken) => RunAsync(terminal, () => action(parsed, cancellationToken), cancellationToken));

    private static async Task<int> RunAsync(Terminal terminal, Func<Task<int>> action, CancellationToken cancellationToken)
    {
        try
        {
            return await action();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
        catch (ServerUnreachableException problem)
        {
            return Say(terminal, problem, ExitCode.Unreachable);
        }
        catch (MarkException problem)
        {
            return Say(terminal, problem, ExitCode.Usage);
        }
        catch (Exception problem) when (problem is ApiException or PictureException or BenchmarkException or CheckpointException or IOException or UnauthorizedAccessException or JsonException or HttpRequestException or FormatException)
        {
            return Say(terminal, problem, ExitCode.Failed);
        }
    }

    private static int Say(Terminal terminal, Exception problem, int code)
    {
        terminal.Error.WriteLine($"error: {problem.Message}");
        return code;
    }
}
