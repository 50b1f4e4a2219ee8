using System.CommandLine;
using System.Text.Json;
using FlexEdit.Cli.Showing;
using Spectre.Console;

namespace FlexEdit.Cli.Commands;

/// <summary><c>flexedit models</c>: what the server can paint with; below it, what is done with model folders on this machine.</summary>
public static class ModelsCommand
{
    /// <summary>The command.</summary>
    public static Command Create(Terminal terminal, ServerOptions server)
    {
        var json = JsonOption.Create();
        var command = new Command("models", "List the server's models; verify and convert model folders on this machine") { json };
        command.Subcommands.Add(ModelsVerifyCommand.Create(terminal));
        command.Subcommands.Add(ModelsConvertCommand.Create(terminal));
        command.SetGuardedAction(terminal, async (parsed, cancellationToken) =>
        {
            using var client = server.Open(parsed);
            if (parsed.GetValue(json))
            {
                JsonOption.Write(terminal, await client.GetJsonAsync("/v1/models", cancellationToken));
                return ExitCode.Done;
            }
            foreach (var card in (await client.ListModelsAsync(cancellationToken)).Data)
                Write(terminal, card);
            return ExitCode.Done;
        });
        return command;
    }

    private static void Write(Terminal terminal, JsonElement card)
    {
        terminal.Out.WriteLine($"{Text(card, "id")}  {Text(card, "method")}, {Text(card, "resolution")} px, {Text(card, "licence")}, {Text(card, "status")}");
        if (Text(card, "description") is { Length: > 0 } description)
            terminal.Out.WriteLine($"  {description}");
        WriteList(terminal, card, "can", "can");
        WriteList(terminal, card, "cannot", "can't");
    }

    private static void WriteList(Terminal terminal, JsonElement card, string field, string word)
    {
        if (card.TryGetProperty(field, out var list) && list.ValueKind == JsonValueKind.Array && list.GetArrayLength() > 0)
            terminal.Out.WriteLine($"  {word}: {string.Join("; ", list.EnumerateArray().Select(item => item.ToString()))}");
    }

    private static string Text(JsonElement card, string field) => card.TryGetProperty(field, out var value) ? value.ToString() : "";
}
