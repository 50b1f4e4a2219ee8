namespace FlexEdit.Cli.Commands;

/// <summary>Exit codes of the program. They are part of its interface and never change their meaning.</summary>
public static class ExitCode
{
    /// <summary>Everything asked for was done.</summary>
    public const int Done = 0;
    /// <summary>The server refused, an edit did not succeed, or a file could not be read or written.</summary>
    public const int Failed = 1;
    /// <summary>The command line makes no sense.</summary>
    public const int Usage = 2;
    /// <summary>No server answers.</summary>
    public const int Unreachable = 3;
    /// <summary>Interrupted, as shells count it.</summary>
    public const int Interrupted = 130;
}
