using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Npgsql;

namespace FlexEdit.Tests.Integration.Faults;

/// <summary>Does the faults of a schedule, one after the other; what lasts ends by itself beside the next ones.</summary>
internal sealed class FaultInjector(FaultyDeployment faulty)
{
    private readonly List<Task> _ending = [];

    /// <summary>Faults done, by kind and target.</summary>
    public Dictionary<string, int> Done { get; } = new(StringComparer.Ordinal);

    /// <summary>Runs the schedule to its end and heals everything.</summary>
    public async Task RunAsync(IReadOnlyList<Fault> faults, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            foreach (var fault in faults)
            {
                var left = fault.At - Stopwatch.GetElapsedTime(started);
                if (left > TimeSpan.Zero)
                    await Task.Delay(left, cancellationToken);
                if (await DoAsync(fault, cancellationToken))
                    Done[$"{fault.Kind} {fault.Target}"] = Done.GetValueOrDefault($"{fault.Kind} {fault.Target}") + 1;
            }
        }
        finally
        {
            await Task.WhenAll(_ending);
            await faulty.HealAsync();
        }
    }

    /// <summary>Does one fault. False where there was nothing to do it to.</summary>
    public async Task<bool> DoAsync(Fault fault, CancellationToken cancellationToken)
    {
        var local = faulty.Local;
        switch (fault.Kind)
        {
            case "kill":
                return await local.SignalAsync(fault.Target, "KILL");
            case "terminate":
                return await local.SignalAsync(fault.Target, "TERM");
            case "freeze":
                if (!await local.SignalAsync(fault.Target, "STOP"))
                    return false;
                _ending.Add(LaterAsync(fault.Lasts, () => local.SignalAsync(fault.Target, "CONT")));
                return true;
            case "wipe":
                return await WipeAsync();
            case "purge":
                return await PurgeAsync(fault.Target, cancellationToken);
            case "backends":
                return await EndBackendsAsync(cancellationToken);
            default:
                var proxy = faulty.ProxyOf(fault.Target);
                proxy.Mode = fault.Kind switch { "reset" => ProxyMode.Reset, "hole" => ProxyMode.BlackHole, "late" => ProxyMode.Late, _ => throw new ArgumentOutOfRangeException(nameof(fault)) };
                _ending.Add(LaterAsync(fault.Lasts, () =>
                {
                    proxy.Mode = ProxyMode.Pass;
                    return Task.CompletedTask;
                }));
                return true;
        }
    }

    /// <summary>Kills the broker and takes everything away that it had stored, before its supervisor starts it again.</summary>
    public async Task<bool> WipeAsync()
    {
        var data = Path.Combine(faulty.Local.Folder, "rabbitmq", "mnesia");
        if (!await faulty.Local.SignalAsync("rabbitmq-1", "KILL") || !Directory.Exists(data))
            return false;
        Directory.Move(data, $"{data}.{Guid.CreateVersion7():n}");
        return true;
    }

    /// <summary>Empties the queues whose names begin so.</summary>
    public async Task<bool> PurgeAsync(string prefix, CancellationToken cancellationToken)
    {
        var address = new Uri(faulty.Local["RABBITMQ_MANAGEMENT"]);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{address.Port}/") };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(address.UserInfo)));
        try
        {
            var queues = JsonDocument.Parse(await http.GetStringAsync("api/queues/%2F", cancellationToken)).RootElement.EnumerateArray()
                .Select(queue => queue.GetProperty("name").GetString()!).Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).ToArray();
            foreach (var queue in queues)
                (await http.DeleteAsync($"api/queues/%2F/{Uri.EscapeDataString(queue)}/contents", cancellationToken)).EnsureSuccessStatusCode();
            return queues.Length > 0;
        }
        catch (HttpRequestException)
        {
            return false; // The broker is away at the moment.
        }
    }

    private async Task<bool> EndBackendsAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await faulty.Local.DatabaseAsync(cancellationToken);
            await using var command = new NpgsqlCommand("select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = 'flexedit' and pid <> pg_backend_pid()", connection);
            return (long)(await command.ExecuteScalarAsync(cancellationToken))! > 0;
        }
        catch (NpgsqlException)
        {
            return false; // The database is away at the moment.
        }
    }

    private static async Task LaterAsync(TimeSpan time, Func<Task> end)
    {
        await Task.Delay(time, CancellationToken.None);
        await end();
    }
}
