using FlexEdit.Platform.Hosting;
using FlexEdit.Storage.Hosting;
using FlexEdit.Storage.Ledger;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Storage;

public sealed class StartTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Has_a_migration_for_everything_in_the_model()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        await using var ledger = await storage.OpenAsync();

        ledger.Database.HasPendingModelChanges().ShouldBeFalse();
        (await ledger.Database.GetAppliedMigrationsAsync(TestContext.Current.CancellationToken)).ShouldBe(ledger.Database.GetMigrations());
    }

    [Fact]
    public async Task Makes_one_ledger_where_many_processes_start_at_once()
    {
        var started = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => StorageUnderTest.StartAsync(_folder))));

        var id = await started[0].SubmitAsync();
        (await started[3].StatusAsync(id)).ShouldBe("queued");
        foreach (var storage in started)
            await storage.DisposeAsync();
    }

    [Fact]
    public async Task Writes_so_that_a_commit_survives_a_power_cut()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        await using var ledger = await storage.OpenAsync();
        await ledger.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);

        Pragma("journal_mode").ShouldBe("wal");
        Pragma("synchronous").ShouldBe("2"); // FULL
        Pragma("foreign_keys").ShouldBe("1");

        string? Pragma(string name)
        {
            using var command = ledger.Database.GetDbConnection().CreateCommand();
            command.CommandText = $"PRAGMA {name}";
            return command.ExecuteScalar()?.ToString();
        }
    }

    [Fact]
    public async Task Refuses_a_ledger_of_a_newer_version()
    {
        await using (var storage = await StorageUnderTest.StartAsync(_folder))
        {
            await using var ledger = await storage.OpenAsync();
            await ledger.Database.ExecuteSqlRawAsync(
                "INSERT INTO \"__EFMigrationsHistory\" VALUES ('99991231000000_Future', '99.0')", TestContext.Current.CancellationToken);
        }

        (await Should.ThrowAsync<StartupException>(() => StorageUnderTest.StartAsync(_folder))).Message.ShouldContain("newer version");
    }

    [Fact]
    public async Task Refuses_a_second_owner_of_one_ledger()
    {
        await using var first = await StorageUnderTest.StartAsync(_folder, settings: ("Storage:SoleOwner", "true"));

        (await Should.ThrowAsync<StartupException>(() => StorageUnderTest.StartAsync(_folder, settings: ("Storage:SoleOwner", "true"))))
            .Message.ShouldStartWith("Another server uses the ledger");
    }

    [Fact]
    public async Task Says_what_is_wrong_with_a_file_that_is_no_ledger()
    {
        await File.WriteAllTextAsync(_folder.Ledger, new string('x', 5000), TestContext.Current.CancellationToken);

        (await Should.ThrowAsync<StartupException>(() => StorageUnderTest.StartAsync(_folder))).Message.ShouldContain("file is not a database");
    }

    [Fact]
    public void Names_every_wrong_setting_at_once()
    {
        var options = new StorageOptions { MaxAttempts = 0, Lease = TimeSpan.Zero, Retention = TimeSpan.FromDays(9999) };

        options.Faults().ShouldBe(
        [
            "Set FLEXEDIT__Storage__Ledger to the file of the ledger, for instance data/ledger.db.",
            "FLEXEDIT__Storage__MaxAttempts is 0; set it between 1 and 20.",
            "FLEXEDIT__Storage__Lease is 00:00:00; set it between 00:00:01 and 01:00:00.",
            "FLEXEDIT__Storage__Retention is 9999.00:00:00; set it between 00:00:01 and 3650.00:00:00.",
        ]);
    }

    [Fact]
    public async Task Uses_an_index_for_everything_that_is_asked_often()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        await using var ledger = await storage.OpenAsync();
        var edits = ledger.Edits;
        IQueryable<EditRow>[] often =
        [
            edits.Where(e => e.LiveAttempt != null && e.LeaseUntil <= 5),
            edits.Where(e => e.LiveAttempt != null && e.RunUntil <= 5),
            edits.Where(e => e.LiveAttempt == null && e.CompletedAt == null && e.WaitUntil <= 5),
            edits.Where(e => e.WaitingFor != null && e.HintAfter <= 5),
            edits.Where(e => e.RemoveAfter <= 5),
            edits.Where(e => e.WaitingFor == "generating" && e.Model == "m" && e.CreatedAt < 5),
            edits.Where(e => e.Model == "m" && e.WorkTicks != null && e.CompletedAt >= 5),
            edits.Where(e => e.Tenant == "t").OrderByDescending(e => e.Id),
        ];
        await ledger.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        foreach (var query in often)
        {
            var sql = query.ToQueryString();
            await using var command = ledger.Database.GetDbConnection().CreateCommand();
            command.CommandText = "EXPLAIN QUERY PLAN " + sql[sql.IndexOf("SELECT", StringComparison.Ordinal)..];
            await using var plan = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
            (await plan.ReadAsync(TestContext.Current.CancellationToken)).ShouldBeTrue();
            ((SqliteDataReader)plan).GetString(3).ShouldContain("USING INDEX", customMessage: sql);
        }
    }

    [Fact]
    public async Task Takes_every_lease_when_a_sole_owner_starts_again()
    {
        string id, waiting;
        await using (var first = await StorageUnderTest.StartAsync(_folder, settings: ("Storage:SoleOwner", "true")))
        {
            id = await first.SubmitAsync();
            waiting = await first.SubmitAsync();
            await first.ClaimedAsync(id);
            await first.LoseMessagesAsync();
        }

        await using var second = await StorageUnderTest.StartAsync(_folder, settings: ("Storage:SoleOwner", "true"));

        (await second.OutboxAsync(id)).ShouldBe(["UnderstandEdit"]);
        (await second.OutboxAsync(waiting)).ShouldBe(["UnderstandEdit"]);
        second.Time.Advance(TimeSpan.FromSeconds(1));
        (await second.ClaimedAsync(id)).Attempt.ShouldBe(2);
        (await second.RowAsync(id)).Attempts[0].Outcome.ShouldBe("lost");
    }
}
