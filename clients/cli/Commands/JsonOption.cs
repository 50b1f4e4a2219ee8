using System.CommandLine;
using System.Text.Json;
using FlexEdit.Cli.Showing;

namespace FlexEdit.Cli.Commands;

/// <summary><c>--json</c>: the server's answer as it is, for other programs.</summary>
public static class JsonOption
{
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    /// <summary>The option.</summary>
    public static Option<bool> Create() => new("--json") { Description = "Print the server's JSON" };

    /// <summary>Writes an answer, indented, past the terminal's line breaking.</summary>
    public static void Write(Terminal terminal, JsonElement json) =>
        terminal.Out.Profile.Out.Writer.WriteLine(JsonSerializer.Serialize(json, s_indented));
}
