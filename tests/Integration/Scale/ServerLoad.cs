using System.Diagnostics;
using System.Text.Json;
using FlexEdit.Tests.Integration.Local;
using Npgsql;

namespace FlexEdit.Tests.Integration.Scale;

/// <summary>What the three servers have done so far, as they count it themselves: what a model on paper of their capacity is made of.</summary>
/// <param name="Transactions">Transactions of the database that changed something.</param>
/// <param name="Wal">Bytes of its log.</param>
/// <param name="Messages">Messages that were published.</param>
/// <param name="Requests">Requests to the object store.</param>
internal sealed record ServerLoad(long Transactions, long Wal, long Messages, long Requests)
{
    public static async Task<ServerLoad> ReadAsync(LocalDeployment local, CancellationToken cancellationToken)
    {
        await using var database = await local.DatabaseAsync(cancellationToken);
        await using var command = new NpgsqlCommand("select pg_snapshot_xmax(pg_current_snapshot())::text::bigint, pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint", database);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return new ServerLoad(row.GetInt64(0), row.GetInt64(1), await MessagesAsync(local, cancellationToken), await RequestsAsync(local));
    }

    /// <summary>What each of <paramref name="count"/> edits cost since <paramref name="before"/>.</summary>
    public string Each(ServerLoad before, int count) => FormattableString.Invariant(
        $"Of the servers, each edit: {(double)(Transactions - before.Transactions) / count:0.0} transactions that write and {(Wal - before.Wal) / 1024.0 / count:0.0} KiB of log, {(double)(Messages - before.Messages) / count:0.0} messages, {(double)(Requests - before.Requests) / count:0.0} requests to the store.");

    private static async Task<long> MessagesAsync(LocalDeployment local, CancellationToken cancellationToken)
    {
        var address = new Uri(local["RABBITMQ_MANAGEMENT"]);
        using var http = new HttpClient { DefaultRequestHeaders = { Authorization = new("Basic", Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(address.UserInfo))) } };
        var overview = JsonDocument.Parse(await http.GetStringAsync(new Uri(address, "/api/overview"), cancellationToken)).RootElement;
        return overview.GetProperty("message_stats").TryGetProperty("publish", out var published) ? published.GetInt64() : 0;
    }

    private static async Task<long> RequestsAsync(LocalDeployment local)
    {
        var socket = Directory.EnumerateFiles(Path.Combine(local.Folder, "ceph", "run"), "*rgw*.asok").OrderByDescending(File.GetLastWriteTimeUtc).First();
        var start = new ProcessStartInfo("ceph", ["--admin-daemon", socket, "perf", "dump"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return JsonDocument.Parse(output).RootElement.GetProperty("rgw").GetProperty("req").GetInt64();
    }
}
