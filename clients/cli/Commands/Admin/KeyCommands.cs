using System.CommandLine;
using System.Globalization;
using System.Net.Http.Json;
using FlexEdit.Cli.Showing;
using FlexEdit.Contracts;
using FlexEdit.Contracts.Keys;
using Spectre.Console;

namespace FlexEdit.Cli.Commands.Admin;

/// <summary><c>flexedit admin keys create|list|rotate|revoke</c>.</summary>
internal static class KeyCommands
{
    private const string Route = "internal/keys";

    /// <summary>The commands.</summary>
    public static Command Create(Terminal terminal, Option<string?> storage) => new("keys", "Make, list, rotate and revoke API keys")
    {
        Make(terminal, storage), List(terminal, storage), Rotate(terminal, storage), Revoke(terminal, storage),
    };

    private static Command Make(Terminal terminal, Option<string?> storage)
    {
        var tenant = new Option<string>("--tenant") { Description = "Whose key it is, [a-z0-9_-]", DefaultValueFactory = _ => "default", HelpName = "TENANT" };
        var name = new Option<string>("--name") { Description = "What to call it", DefaultValueFactory = _ => "", HelpName = "NAME" };
        var scopes = new Option<string[]>("--scope")
        {
            Description = "What it may do; may be repeated: edits:write, edits:read, admin. Default: edits:write and edits:read",
            HelpName = "SCOPE",
            DefaultValueFactory = _ => [KeyScopes.Write, KeyScopes.Read],
        };
        scopes.AcceptOnlyFromAmong([.. KeyScopes.All]);
        var command = new Command("create", "Make a key and print it, this once") { tenant, name, scopes };
        command.SetGuardedAction(terminal, async (parsed, cancellationToken) =>
        {
            using var http = StorageAddress.Open(parsed.GetValue(storage));
            var wish = new CreateKey { Tenant = parsed.GetRequiredValue(tenant), Name = parsed.GetRequiredValue(name), Scopes = parsed.GetRequiredValue(scopes) };
            using var answer = await http.PostAsJsonAsync(Route, wish, ContractJson.Options, cancellationToken);
            var key = await answer.ReadAsync<KeyView>(cancellationToken);
            terminal.Out.WriteLine(key.Key!);
            terminal.Error.WriteLine($"{key.Id} of tenant {key.Tenant}, {string.Join(' ', key.Scopes)}. It is not shown again.");
            return ExitCode.Done;
        });
        return command;
    }

    private static Command List(Terminal terminal, Option<string?> storage)
    {
        var tenant = new Option<string?>("--tenant") { Description = "Only this tenant's", HelpName = "TENANT" };
        var command = new Command("list", "List the keys") { tenant };
        command.SetGuardedAction(terminal, async (parsed, cancellationToken) =>
        {
            using var http = StorageAddress.Open(parsed.GetValue(storage));
            using var answer = await http.GetAsync(parsed.GetValue(tenant) is { } only ? $"{Route}?tenant={Uri.EscapeDataString(only)}" : Route, cancellationToken);
            foreach (var key in await answer.ReadAsync<KeyView[]>(cancellationToken))
                terminal.Out.WriteLine($"{key.Id}  {key.Prefix}…  {key.Tenant}  {string.Join(' ', key.Scopes)}  {Time(key.CreatedAt)}  {key.Name}{State(key)}");
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Rotate(Terminal terminal, Option<string?> storage)
    {
        var id = Id();
        var overlap = new Option<double>("--overlap-hours") { Description = "How long the old secret stays good, 0 to 720", HelpName = "HOURS", DefaultValueFactory = _ => 24 };
        overlap.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (>= 0 and <= 720))
                result.AddError("--overlap-hours wants a number from 0 to 720.");
        });
        var command = new Command("rotate", "Give a key a new secret and print it, this once; the old one stays good for a while") { id, overlap };
        command.SetGuardedAction(terminal, async (parsed, cancellationToken) =>
        {
            using var http = StorageAddress.Open(parsed.GetValue(storage));
            var wish = new RotateKey { Overlap = TimeSpan.FromHours(parsed.GetRequiredValue(overlap)) };
            using var answer = await http.PostAsJsonAsync($"{Route}/{Uri.EscapeDataString(parsed.GetRequiredValue(id))}/rotate", wish, ContractJson.Options, cancellationToken);
            var key = await answer.ReadAsync<KeyView>(cancellationToken, $"There is no key '{parsed.GetRequiredValue(id)}' that is good.");
            terminal.Out.WriteLine(key.Key!);
            terminal.Error.WriteLine($"{key.Id} of tenant {key.Tenant}. It is not shown again.{(key.OldUntil is { } until ? $" The old one is good until {Time(until)}." : "")}");
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Revoke(Terminal terminal, Option<string?> storage)
    {
        var id = Id();
        var command = new Command("revoke", "Take a key back, its old secret too") { id };
        command.SetGuardedAction(terminal, async (parsed, cancellationToken) =>
        {
            using var http = StorageAddress.Open(parsed.GetValue(storage));
            using var answer = await http.PostAsync($"{Route}/{Uri.EscapeDataString(parsed.GetRequiredValue(id))}/revoke", null, cancellationToken);
            await answer.ReadAsync<KeyView>(cancellationToken, $"There is no key '{parsed.GetRequiredValue(id)}'.");
            return ExitCode.Done;
        });
        return command;
    }

    private static Argument<string> Id() => new("id") { Description = "key_…" };

    private static string State(KeyView key) =>
        key.RevokedAt is { } revoked ? $"  revoked {Time(revoked)}" : key.OldUntil is { } until ? $"  old secret good until {Time(until)}" : "";

    private static string Time(DateTime time) => time.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
}
