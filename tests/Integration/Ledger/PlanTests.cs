using FlexEdit.Storage.Ledger;
using FlexEdit.Tests.Unit.Storage;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Integration.Ledger;

public sealed class PlanTests : IDisposable
{
    private const int Rows = 200_000;
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_hot_query_goes_by_an_index_at_two_hundred_thousand_edits()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        await using var ledger = await storage.OpenAsync();
        ledger.Database.SetCommandTimeout(TimeSpan.FromMinutes(2));
        await ledger.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await ledger.Database.ExecuteSqlRawAsync("SET statement_timeout = 0", TestContext.Current.CancellationToken);
        await FillAsync(ledger);
        var edits = ledger.Edits;
        var id = "edt_" + 777.ToString("d26", null);
        const string Stage = "generating";
        IQueryable<object>[] hot =
        [
            edits.Where(e => e.Id == id),
            edits.Where(e => e.LiveAttempt != null && e.LeaseUntil <= 5),
            edits.Where(e => e.LiveAttempt != null && e.RunUntil <= 5),
            edits.Where(e => e.LiveAttempt == null && e.CompletedAt == null && e.WaitUntil <= 5),
            edits.Where(e => e.WaitingFor != null && !e.Held && e.HintAfter <= 5),
            edits.Where(e => e.RemoveAfter <= 5).OrderBy(e => e.RemoveAfter).Take(100),
            edits.Where(e => e.Model == "m" && e.WorkTicks != null && e.CompletedAt >= Rows - 100).OrderByDescending(e => e.CompletedAt).Take(20),
            edits.Where(e => e.Tenant == "t7").OrderByDescending(e => e.Id).Take(21),
            edits.Where(e => e.Tenant == "t7" && e.Status == "queued").OrderByDescending(e => e.Id).Take(21),
            edits.Where(e => e.Held && e.WaitingFor == Stage && e.Model == "m" && e.Tenant.CompareTo("t5") > 0).OrderBy(e => e.Tenant).Take(1),
            edits.Where(e => e.Held && e.WaitingFor == Stage && e.Model == "m" && e.Tenant == "t7").OrderBy(e => e.CreatedAt).Take(32),
            edits.Where(e => e.WaitingFor != null && !e.Held && e.WaitingFor == Stage && e.Model == "m" && e.RunAfter <= 5),
            edits.Where(e => e.WaitingFor != null && !e.Held && e.WaitingFor == Stage && e.Model == "m" && e.Tenant == "t7"),
            edits.Where(e => e.LiveAttempt != null && e.LiveStage == Stage && e.Model == "m" && e.Tenant == "t7"),
            edits.Where(e => e.Tenant == "t7" && (e.Status == "queued" || e.Status == "processing" || e.Status == "awaiting_approval" || e.Status == "canceling")),
            ledger.Events.Where(e => e.EditId == id && e.Sequence > 1).OrderBy(e => e.Sequence),
            ledger.Attempts.Where(a => a.EditId == id),
            ledger.Outbox.Where(m => m.SendAfter <= 5).OrderBy(m => m.SendAfter).ThenBy(m => m.Id).Take(64),
        ];

        foreach (var query in hot)
        {
            var plan = await PlanAsync(ledger, query.ToQueryString());
            plan.ShouldContain("Index");
            plan.ShouldNotContain("Seq Scan", customMessage: query.ToQueryString());
        }
    }

    // Nearly all edits are done; a few wait, are held or at work, and a hundredth of the outbox is due.
    private static async Task FillAsync(LedgerContext ledger)
    {
        await ledger.Database.ExecuteSqlRawAsync(
            $"""
            INSERT INTO edits ("Id", "Tenant", "Model", "Instruction", "OptionsJson", "InputsJson", "MetadataJson", "Status", "Sequence", "Version", "WaitingFor",
              "RunAfter", "WaitUntil", "Held", "Hints", "HintAfter", "LastAttempt", "StageAttempts", "LiveAttempt", "LiveStage", "LeaseUntil", "RunUntil",
              "CreatedAt", "CompletedAt", "RemoveAfter", "WorkTicks")
            SELECT 'edt_' || lpad(i::text, 26, '0'), 't' || i % 50, 'm', 'Remove it.', 'o', 'i', 'm', CASE WHEN i % 100 < 2 THEN 'queued' ELSE 'succeeded' END, 5, 9,
              CASE WHEN i % 100 < 2 THEN 'generating' END, i, i, i % 100 = 0, 0, i, 1, 1,
              CASE WHEN i % 1000 = 2 THEN 1 END, CASE WHEN i % 1000 = 2 THEN 'generating' END, CASE WHEN i % 1000 = 2 THEN i END, CASE WHEN i % 1000 = 2 THEN i END,
              i, CASE WHEN i % 100 > 2 THEN i END, CASE WHEN i % 100 > 2 THEN i END, CASE WHEN i % 100 > 2 THEN i END
            FROM generate_series(1, {Rows}) AS i
            """);
        await ledger.Database.ExecuteSqlRawAsync(
            $"""INSERT INTO events ("EditId", "Sequence", "Status", "At") SELECT 'edt_' || lpad((1 + i / 2)::text, 26, '0'), 1 + i % 2, 'queued', i FROM generate_series(0, {Rows / 10}) AS i""");
        await ledger.Database.ExecuteSqlRawAsync(
            $"""INSERT INTO attempts ("EditId", "Number", "Stage", "Worker", "StartedAt") SELECT 'edt_' || lpad(i::text, 26, '0'), 1, 'generating', 'w', i FROM generate_series(1, {Rows / 10}) AS i""");
        await ledger.Database.ExecuteSqlRawAsync(
            $"""INSERT INTO outbox ("EditId", "Kind", "Body", "SendAfter", "Takes") SELECT 'e', 'EditChanged', 'b', i, 0 FROM generate_series(1, {Rows / 10}) AS i""");
        await ledger.Database.ExecuteSqlRawAsync("ANALYZE edits, events, attempts, outbox");
    }

    private static async Task<string> PlanAsync(LedgerContext ledger, string sql)
    {
        // Parameters come as comments before the statement; the values are what counts here.
        var values = sql.Split('\n').Where(line => line.StartsWith("-- @", StringComparison.Ordinal))
            .Select(line => line[3..].Split('=', 2)).ToDictionary(pair => pair[0].Trim(), pair => pair[1].Split(" (")[0].Trim());
        var statement = sql[sql.IndexOf("SELECT", StringComparison.Ordinal)..];
        foreach (var (name, value) in values.OrderByDescending(value => value.Key.Length))
            statement = statement.Replace(name, value, StringComparison.Ordinal);
        await using var connection = new NpgsqlConnection(ledger.Database.GetConnectionString());
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand("EXPLAIN " + statement, connection);
        await using var lines = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var plan = new List<string>();
        while (await lines.ReadAsync(TestContext.Current.CancellationToken))
            plan.Add(lines.GetString(0));
        return string.Join('\n', plan);
    }
}
