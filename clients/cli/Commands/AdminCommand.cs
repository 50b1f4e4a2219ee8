using System.CommandLine;
using System.Net;
using System.Net.Http.Json;
using FlexEdit.Cli.Showing;
using FlexEdit.Contracts;
using FlexEdit.Contracts.Keys;
using Spectre.Console;

namespace FlexEdit.Cli.Commands;

/// <summary><c>flexedit admin keys create|list|revoke</c>: for the operator, who holds the installation's internal token.</summary>
public static class AdminCommand
{
    private const string Route = "internal/keys";
    private const string TokenHeader = "X-FlexEdit-Internal-Token";

    /// <summary>The commands.</summary>
    public static Command Create(Terminal terminal)
    {
        var storage = new Option<string?>("--storage") { Description = "Address of the storage service; FLEXEDIT__Internal__StorageUrl sets a default", HelpName = "URL", Recursive = true };
        var keys = new Command("keys", "Make, list and revoke API keys") { CreateKeys(terminal, storage), List(terminal, storage), Revoke(terminal, storage) };
        return new Command("admin", "Look after an installation; the internal token is read from FLEXEDIT__Internal__Token") { storage, keys };
    }

    private static Command CreateKeys(Terminal terminal, Option<string?> storage)
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
            using var http = Open(parsed.GetValue(storage));
            var wish = new CreateKey { Tenant = parsed.GetRequiredValue(tenant), Name = parsed.GetRequiredValue(name), Scopes = parsed.GetRequiredValue(scopes) };
            using var answer = await http.PostAsJsonAsync(Route, wish, ContractJson.Options, cancellationToken);
            var key = await ReadAsync<KeyView>(answer, cancellationToken);
            terminal.Out.WriteLine(key.Key!);
            terminal.Error.WriteLine($"{key.Id} of tenant {key.Tenant}, {string.Join(' ', key.Scopes)}. It is not shown again.");
            return ExitCode.Done;
        });
        return command;
    }

    private static Command List(Terminal terminal, Option<string?> storage)
    {
        var command = new Command("list", "List the keys");
        command.SetGuardedAction(terminal, async (parsed, cancellationToken) =>
        {
            using var http = Open(parsed.GetValue(storage));
            using var answer = await http.GetAsync(Route, cancellationToken);
            foreach (var key in await ReadAsync<KeyView[]>(answer, cancellationToken))
                terminal.Out.WriteLine($"{key.Id}  {key.Prefix}…  {key.Tenant}  {string.Join(' ', key.Scopes)}  {key.Name}{(key.RevokedAt is null ? "" : "  revoked")}");
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Revoke(Terminal terminal, Option<string?> storage)
    {
        var id = new Argument<string>("id") { Description = "key_…" };
        var command = new Command("revoke", "Take a key back") { id };
        command.SetGuardedAction(terminal, async (parsed, cancellationToken) =>
        {
            using var http = Open(parsed.GetValue(storage));
            using var answer = await http.PostAsync($"{Route}/{Uri.EscapeDataString(parsed.GetRequiredValue(id))}/revoke", null, cancellationToken);
            if (answer.StatusCode == HttpStatusCode.NotFound)
                throw new FormatException($"There is no key '{parsed.GetRequiredValue(id)}'.");
            answer.EnsureSuccessStatusCode();
            return ExitCode.Done;
        });
        return command;
    }

    private static HttpClient Open(string? storage)
    {
        var url = storage ?? Environment.GetEnvironmentVariable("FLEXEDIT__Internal__StorageUrl");
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address))
            throw new FormatException("Set FLEXEDIT__Internal__StorageUrl (or --storage) to the address of the storage service.");
        if (Environment.GetEnvironmentVariable("FLEXEDIT__Internal__Token") is not { Length: > 0 } token)
            throw new FormatException("Set FLEXEDIT__Internal__Token to the token that the storage service was given.");
        var http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(15) };
        http.DefaultRequestHeaders.Add(TokenHeader, token);
        return http;
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        if (answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.NotFound)
            throw new FormatException("Storage does not know this token; FLEXEDIT__Internal__Token must be the one that the services were given.");
        if (answer.StatusCode == HttpStatusCode.BadRequest)
            throw new FormatException("Storage refuses this: a tenant is [a-z0-9_-], 1 to 64 characters, and a name has at most 100.");
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<T>(ContractJson.Options, cancellationToken) ?? throw new FormatException("Storage gave an empty answer.");
    }
}
