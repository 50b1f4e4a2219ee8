using Spectre.Console;

namespace FlexEdit.Cli.Showing;

/// <summary>Where the program writes: results to one stream, errors to the other. Plain text when not a terminal.</summary>
/// <param name="Out">Standard output.</param>
/// <param name="Error">Standard error.</param>
public sealed record Terminal(IAnsiConsole Out, IAnsiConsole Error)
{
    // Wide enough that nothing is wrapped: a line of a pipe has no width.
    private const int PipeWidth = 100_000;

    /// <summary>Whether lines may be drawn over.</summary>
    public bool IsLive => Out.Profile.Capabilities.Interactive && Out.Profile.Capabilities.Ansi;

    /// <summary>The process's own streams.</summary>
    public static Terminal OfProcess() => new(
        Open(Console.Out, Console.IsOutputRedirected), Open(Console.Error, Console.IsErrorRedirected));

    /// <summary>Plain text into two writers.</summary>
    public static Terminal To(TextWriter output, TextWriter error) => new(Open(output, redirected: true), Open(error, redirected: true));

    private static IAnsiConsole Open(TextWriter writer, bool redirected)
    {
        if (!redirected)
            return AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
        });
        console.Profile.Width = PipeWidth;
        return console;
    }
}
