namespace FlexEdit.Cli.Commands;

/// <summary>The argument of <c>--shapes</c>: a JSON list as it is, or the name of a file that holds one.</summary>
public static class ShapesText
{
    /// <summary>The JSON.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static string Read(string argument) =>
        argument.AsSpan().TrimStart().StartsWith("[", StringComparison.Ordinal) ? argument : File.ReadAllText(argument);
}
