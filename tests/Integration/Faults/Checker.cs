using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using FlexEdit.Contracts.Edits;
using FlexEdit.Tests.Integration.Local;
using Minio;
using Minio.DataModel.Args;
using Npgsql;

namespace FlexEdit.Tests.Integration.Faults;

/// <summary>Knows every 202 that was given and says what became of it: from outside by the public API, from inside by the ledger and the bucket.</summary>
internal sealed class Checker(LocalDeployment local, LoadDriver driver)
{
    /// <summary>Waits until everything has ended, or until nothing has for as long as <paramref name="patience"/>, and looks at all of it.</summary>
    public async Task<Verdict> CheckAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        var ids = driver.Accepted;
        var jobs = await EndsAsync(ids, patience, cancellationToken);
        var damaged = new List<string>();
        foreach (var (id, job) in jobs)
        {
            if (job is { } known && StatusOf(known) == EditStatus.Succeeded && await DamageAsync(known, cancellationToken) is { } damage)
                damaged.Add($"{id}: {damage}");
        }
        await using var ledger = await local.DatabaseAsync(cancellationToken);
        var doubled = await ColumnAsync(ledger, """
            select "EditId" || ' ended ' || count(*) || ' times' from events where "Status" in ('succeeded', 'failed', 'canceled') group by "EditId" having count(*) > 1
            union all
            select "EditId" || ' ' || "Stage" || ' finished ' || count(*) || ' times' from attempts where "Outcome" = 'ok' group by "EditId", "Stage" having count(*) > 1
            """, cancellationToken);
        var (orphaned, leftOver) = await ObjectsAsync(ledger, cancellationToken);
        return new Verdict
        {
            Accepted = ids.Count,
            Succeeded = jobs.Count(job => job.Value is { } known && StatusOf(known) == EditStatus.Succeeded),
            Failed = jobs.Values.OfType<JsonElement>().Where(job => StatusOf(job) == EditStatus.Failed)
                .GroupBy(job => job.GetProperty("error").GetProperty("code").GetString()!).ToDictionary(group => group.Key, group => group.Count()),
            Lost = [.. jobs.Where(job => job.Value is null).Select(job => job.Key)],
            Stuck = [.. jobs.Where(job => job.Value is { } known && !EditStatus.IsTerminal(StatusOf(known))).Select(job => $"{job.Key} {StatusOf(job.Value!.Value)}")],
            Duplicated = doubled,
            Damaged = damaged,
            DoubleKeys =
            [
                .. ids.GroupBy(id => id).Where(group => group.Count() > 1).Select(group => $"{group.Key} for two keys"),
                .. await ColumnAsync(ledger, """select edits."Id" || ' stands under no key' from edits where not exists (select 1 from idempotency_keys kept where kept."EditId" = edits."Id")""", cancellationToken),
            ],
            Orphaned = orphaned,
            LeftOver = leftOver,
            LostAttempts = await CountAsync(ledger, """select count(*) from attempts where "Outcome" = 'lost'""", cancellationToken),
            InLedger = await CountAsync(ledger, "select count(*) from edits", cancellationToken),
        };
    }

    private async Task<Dictionary<string, JsonElement?>> EndsAsync(IReadOnlyList<string> ids, TimeSpan patience, CancellationToken cancellationToken)
    {
        var ends = new Dictionary<string, JsonElement?>(StringComparer.Ordinal);
        // What waits behind others is not stuck: the time counts from the last end of any edit.
        var (moved, most) = (Stopwatch.GetTimestamp(), 0);
        foreach (var id in ids.Distinct())
        {
            while (true)
            {
                var (answered, job) = await GetAsync(id, cancellationToken);
                var late = Stopwatch.GetElapsedTime(moved) > patience;
                if (answered && (late || job is null || EditStatus.IsTerminal(StatusOf(job.Value))))
                {
                    ends[id] = job;
                    break;
                }
                if (late && Stopwatch.GetElapsedTime(moved) > patience + TimeSpan.FromMinutes(1))
                    throw new InvalidOperationException($"The gateway does not answer any more:\n{local.LogOf("gateway-1")}");
                await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
                if (await EndedAsync(cancellationToken) is var ended && ended > most)
                    (moved, most) = (Stopwatch.GetTimestamp(), ended);
            }
        }
        return ends;
    }

    private async Task<int> EndedAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var ledger = await local.DatabaseAsync(cancellationToken);
            return await CountAsync(ledger, """select count(*) from edits where "Status" in ('succeeded', 'failed', 'canceled', 'expired')""", cancellationToken);
        }
        catch (NpgsqlException)
        {
            // It may still be starting after its last kill.
            return 0;
        }
    }

    private async Task<(bool Answered, JsonElement? Job)> GetAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await local.Http.GetAsync($"/v1/edits/{id}", cancellationToken);
            if (answer.StatusCode == HttpStatusCode.NotFound)
                return (true, null);
            return answer.IsSuccessStatusCode
                ? (true, JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellationToken)).RootElement)
                : (false, null);
        }
        catch (HttpRequestException)
        {
            return (false, null);
        }
    }

    private async Task<string?> DamageAsync(JsonElement job, CancellationToken cancellationToken)
    {
        var outputs = job.GetProperty("outputs").EnumerateArray().ToArray();
        if (outputs.Length != job.GetProperty("options").GetProperty("n").GetInt32())
            return $"{outputs.Length} outputs";
        foreach (var output in outputs)
        {
            using var answer = await local.Http.GetAsync(output.GetProperty("url").GetString(), cancellationToken);
            if (!answer.IsSuccessStatusCode)
                return $"{(int)answer.StatusCode} for its result";
            var digest = Convert.ToHexStringLower(SHA256.HashData(await answer.Content.ReadAsByteArrayAsync(cancellationToken)));
            if (digest != output.GetProperty("sha256").GetString())
                return "another digest than it says";
            if (output.GetProperty("preservation").GetProperty("changed_outside").GetInt64() != 0)
                return "changed outside its region";
        }
        return null;
    }

    private async Task<(IReadOnlyList<string> Orphaned, int LeftOver)> ObjectsAsync(NpgsqlConnection ledger, CancellationToken cancellationToken)
    {
        var known = (await ColumnAsync(ledger, """select "Id" from edits""", cancellationToken)).ToHashSet(StringComparer.Ordinal);
        var counted = (await ColumnAsync(ledger, """select coalesce("OutputsJson", '') || coalesce("UnderstandingJson", '') from edits""", cancellationToken));
        var named = string.Join('\n', counted);
        using var client = new MinioClient().WithEndpoint(new Uri(local["S3_ENDPOINT"]).Authority)
            .WithCredentials(local["S3_ACCESS_KEY"], local["S3_SECRET_KEY"]).WithRegion("us-east-1").Build();
        var orphaned = new List<string>();
        var leftOver = 0;
        var listing = new ListObjectsArgs().WithBucket(local["S3_BUCKET"]).WithPrefix("tenants/").WithRecursive(true);
        await foreach (var item in client.ListObjectsEnumAsync(listing, cancellationToken))
        {
            if (item.Key.Split('/') is not ["tenants", _, "edits", var edit, ..])
                continue;
            if (!known.Contains(edit))
                orphaned.Add(item.Key);
            else if (!named.Contains(item.Key, StringComparison.Ordinal))
                leftOver++;
        }
        return (orphaned, leftOver);
    }

    private static async Task<List<string>> ColumnAsync(NpgsqlConnection ledger, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, ledger);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var values = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
            values.Add(reader.GetString(0));
        return values;
    }

    private static async Task<int> CountAsync(NpgsqlConnection ledger, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, ledger);
        return (int)(long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static string StatusOf(JsonElement job) => job.GetProperty("status").GetString()!;
}
