using System.CommandLine;
using System.Globalization;
using System.Net.Http.Json;
using FlexEdit.Cli.Showing;
using FlexEdit.Contracts;
using FlexEdit.Contracts.Tenants;
using Spectre.Console;

namespace FlexEdit.Cli.Commands.Admin;

/// <summary><c>flexedit admin tenants list|limits|erase</c>.</summary>
internal static class TenantCommands
{
    private const string Route = "internal/tenants";
    private const string Usual = "default";
    private const string None = "none";
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>The commands.</summary>
    public static Command Create(Terminal terminal, Option<string?> storage) => new("tenants", "Look after tenants")
    {
        List(terminal, storage), Limits(terminal, storage), Erase(terminal, storage),
    };

    private static Command List(Terminal terminal, Option<string?> storage)
    {
        var command = new Command("list", "List the tenants of which something is kept beside their edits and keys, with their limits");
        command.SetGuardedAction(terminal, async (parsed, cancellationToken) =>
        {
            using var http = StorageAddress.Open(parsed.GetValue(storage));
            using var answer = await http.GetAsync(Route, cancellationToken);
            foreach (var tenant in await answer.ReadAsync<TenantView[]>(cancellationToken))
                terminal.Out.WriteLine(Line(tenant));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Limits(Terminal terminal, Option<string?> storage)
    {
        var tenant = new Argument<string>("tenant") { Description = "Whose limits" };
        var requests = Limit("--requests-per-minute", "Requests to the API a minute");
        var edits = Limit("--edits-in-flight", "Edits that have not ended, at once");
        var command = new Command("limits", "Show a tenant's limits, or set them: a number, 'none', or 'default' for the installation's") { tenant, requests, edits };
        command.SetGuardedAction(terminal, async (parsed, cancellationToken) =>
        {
            using var http = StorageAddress.Open(parsed.GetValue(storage));
            var name = parsed.GetRequiredValue(tenant);
            using var found = await http.GetAsync($"{Route}?tenant={Uri.EscapeDataString(name)}", cancellationToken);
            var known = (await found.ReadAsync<TenantView[]>(cancellationToken)).SingleOrDefault();
            if (known is not null && (parsed.GetValue(requests) ?? parsed.GetValue(edits)) is null)
            {
                terminal.Out.WriteLine(Line(known));
                return ExitCode.Done;
            }
            // What is not named stays as it is.
            var wish = new SetTenantLimits
            {
                RequestsPerMinute = Read(parsed.GetValue(requests), known?.RequestsPerMinute),
                EditsInFlight = Read(parsed.GetValue(edits), known?.EditsInFlight),
            };
            using var answer = await http.PutAsJsonAsync($"{Route}/{Uri.EscapeDataString(name)}/limits", wish, ContractJson.Options, cancellationToken);
            terminal.Out.WriteLine(Line(await answer.ReadAsync<TenantView>(cancellationToken)));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Erase(Terminal terminal, Option<string?> storage)
    {
        var tenant = new Argument<string>("tenant") { Description = "Whose data to remove" };
        var yes = new Option<bool>("--yes") { Description = "Yes, for good" };
        var command = new Command("erase", "Remove all of a tenant, for good: keys, edits with their pictures (running ones are canceled), webhooks, usage. May be interrupted and run again") { tenant, yes };
        command.Validators.Add(result =>
        {
            if (!result.GetValue(yes))
                result.AddError("This removes all of a tenant for good; say --yes.");
        });
        command.SetGuardedAction(terminal, async (parsed, cancellationToken) =>
        {
            using var http = StorageAddress.Open(parsed.GetValue(storage));
            var name = parsed.GetRequiredValue(tenant);
            var removed = new SortedDictionary<string, long>(StringComparer.Ordinal);
            var left = -1;
            while (true)
            {
                using var answer = await http.PostAsync($"{Route}/{Uri.EscapeDataString(name)}/erase", null, cancellationToken);
                var progress = await answer.ReadAsync<ErasureProgress>(cancellationToken);
                foreach (var (what, count) in progress.Removed)
                    removed[what] = removed.GetValueOrDefault(what) + count;
                if (progress.Done)
                    break;
                if (progress.EditsLeft != left && (left = progress.EditsLeft) > 0)
                    terminal.Error.WriteLine($"{left} edits left…");
                if (progress.Removed.Count == 0)
                    await Task.Delay(Pause, cancellationToken);
            }
            foreach (var (what, count) in removed)
                terminal.Out.WriteLine($"{count} {what}");
            terminal.Out.WriteLine(removed.Count == 0 ? $"There was nothing of tenant {name}." : $"Nothing of tenant {name} is left.");
            return ExitCode.Done;
        });
        return command;
    }

    private static Option<string?> Limit(string name, string description)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = "N|none|default" };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } text && text is not (Usual or None) && !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _))
                result.AddError($"{name} wants a number, 'none' or 'default'.");
        });
        return option;
    }

    private static int? Read(string? text, int? known) => text switch
    {
        null => known,
        Usual => null,
        None => 0,
        _ => int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture),
    };

    private static string Line(TenantView tenant) =>
        $"{tenant.Tenant}  {Said(tenant.Limits.RequestsPerMinute, tenant.RequestsPerMinute)} requests a minute  {Said(tenant.Limits.EditsInFlight, tenant.EditsInFlight)} edits in flight"
        + (tenant.ErasingSince is null ? "" : "  being erased");

    private static string Said(int limit, int? set) =>
        (limit == 0 ? None : limit.ToString(CultureInfo.InvariantCulture)) + (set is null ? " (default)" : "");
}
