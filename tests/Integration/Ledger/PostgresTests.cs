using FlexEdit.Contracts.Edits;
using FlexEdit.Platform.Hosting;
using FlexEdit.Storage.Edits;
using FlexEdit.Storage.Hosting;
using FlexEdit.Storage.Ledger;
using FlexEdit.Storage.Outbox;
using FlexEdit.Tests.Integration.Hosting;
using FlexEdit.Tests.Unit.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Integration.Ledger;

public sealed class PostgresTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Has_a_migration_for_everything_in_the_model()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        await using var ledger = await storage.OpenAsync();

        ledger.ShouldBeOfType<PostgresLedgerContext>();
        ledger.Database.HasPendingModelChanges().ShouldBeFalse();
        (await ledger.Database.GetAppliedMigrationsAsync(TestContext.Current.CancellationToken)).ShouldBe(ledger.Database.GetMigrations());
    }

    [Fact]
    public async Task Makes_one_ledger_where_many_processes_start_at_once()
    {
        var server = await Servers.PostgresAsync();
        var database = await server.NewEmptyDatabaseAsync();
        var started = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
            StorageUnderTest.StartAsync(_folder, settings: ("Storage:Postgres", database)))));

        var id = await started[0].SubmitAsync();
        (await started[3].StatusAsync(id)).ShouldBe("queued");
        foreach (var storage in started)
            await storage.DisposeAsync();
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
    public async Task Says_what_is_wrong_with_a_database_that_does_not_exist()
    {
        var server = await Servers.PostgresAsync();

        (await Should.ThrowAsync<StartupException>(() =>
                StorageUnderTest.StartAsync(_folder, settings: ("Storage:Postgres", server.ConnectionTo("nowhere")))))
            .Message.ShouldContain("database \"nowhere\" does not exist");
    }

    [Fact]
    public async Task Goes_on_while_a_newer_version_adds_to_the_tables()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        for (var edits = 0; edits < 10; edits++)
            await storage.ClaimedAsync(await storage.SubmitAsync()); // Often enough for every statement to be prepared.
        await using (var ledger = await storage.OpenAsync())
        {
            await ledger.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
            await using var prepared = ledger.Database.GetDbConnection().CreateCommand();
            prepared.CommandText = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%FOR UPDATE%'";
            ((long)(await prepared.ExecuteScalarAsync(TestContext.Current.CancellationToken))!).ShouldBeGreaterThan(0);
            await ledger.Database.ExecuteSqlRawAsync("ALTER TABLE edits ADD COLUMN \"OfTheFuture\" integer", TestContext.Current.CancellationToken);
        }

        var attempt = await storage.ClaimedAsync(await storage.SubmitAsync());

        attempt.ShouldNotBeNull();
    }

    [Theory]
    [InlineData(null, "Set FLEXEDIT__Storage__Postgres to a connection string")]
    [InlineData("Database=x", "Set FLEXEDIT__Storage__Postgres to a connection string")]
    [InlineData("Hots=x", "FLEXEDIT__Storage__Postgres is no connection string of Npgsql")]
    public void Names_a_connection_string_that_is_none(string? connection, string beginning) =>
        new StorageOptions { Database = "postgres", Postgres = connection }.Faults().ShouldHaveSingleItem().ShouldStartWith(beginning);

    [Fact]
    public void Names_a_database_that_there_is_not() =>
        new StorageOptions { Database = "oracle", Ledger = "x" }.Faults().ShouldBe(["FLEXEDIT__Storage__Database is 'oracle'; set it to 'sqlite' or 'postgres'."]);

    [Fact]
    public async Task Measures_leases_in_the_databases_time_whatever_the_clocks_of_the_processes_say()
    {
        var real = TimeProvider.System.GetUtcNow();
        var behind = new FakeTimeProvider(real - TimeSpan.FromHours(1));
        var ahead = new FakeTimeProvider(real + TimeSpan.FromHours(1));
        await using var one = await StorageUnderTest.StartAsync(_folder, behind, databaseTime: true);
        await using var two = await StorageUnderTest.StartAsync(_folder, ahead, databaseTime: true);
        var id = await one.SubmitAsync();
        await one.ClaimedAsync(id);

        await two.Sweep.SweepAsync(TestContext.Current.CancellationToken);

        var edit = await two.RowAsync(id);
        (edit.Status, edit.LiveAttempt).ShouldBe((EditStatus.Processing, 1));
        TimeSpan.FromTicks(edit.LeaseUntil!.Value - real.UtcTicks).ShouldBeInRange(TimeSpan.FromSeconds(59), TimeSpan.FromSeconds(90));
    }

    [Fact]
    public async Task Takes_other_messages_while_another_dispatcher_holds_some()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var held = await storage.SubmitAsync();
        var free = await storage.SubmitAsync();
        await using var other = await storage.OpenAsync();
        await using var transaction = await other.Database.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await other.Database.ExecuteSqlAsync($"SELECT * FROM outbox WHERE \"EditId\" = {held} FOR UPDATE", TestContext.Current.CancellationToken);

        await using var ledger = await storage.OpenAsync();
        var due = (storage.Time.GetUtcNow() + FreshMessages.TakenFor).UtcTicks;
        var taken = await storage.Get<ILedgerDatabase>().TakeDueAsync(ledger, due, TimeSpan.FromTicks(1), "me", 64, TestContext.Current.CancellationToken);

        taken.Select(message => message.EditId).Distinct().ShouldBe([free]);
    }

    [Fact]
    public async Task Goes_on_with_other_edits_while_somebody_holds_one()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var held = await storage.SubmitAsync();
        var free = await storage.SubmitAsync();
        await using var other = await storage.OpenAsync();
        await using var transaction = await other.Database.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await other.Database.ExecuteSqlAsync($"SELECT * FROM edits WHERE \"Id\" = {held} FOR UPDATE", TestContext.Current.CancellationToken);
        var waiting = storage.ClaimAsync(held);

        (await storage.ClaimAsync(free)).ShouldNotBeNull();

        waiting.IsCompleted.ShouldBeFalse();
        await transaction.RollbackAsync(TestContext.Current.CancellationToken);
        (await waiting).ShouldNotBeNull();
    }

    [Fact]
    public async Task Decides_again_when_the_database_ends_its_transaction_for_a_deadlock()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        await storage.SubmitAsync("cat");
        for (var ended = false; !ended;)
        {
            var request = await storage.RequestAsync("cat");
            var keys = request.Inputs.Keys().Order(StringComparer.Ordinal).ToArray();
            await using var other = await storage.OpenAsync();
            await using var transaction = await other.Database.BeginTransactionAsync(TestContext.Current.CancellationToken);
            // Whoever waits first looks for a cycle first; the other one is to be patient.
            await other.Database.ExecuteSqlAsync($"SELECT set_config('deadlock_timeout', '10s', true), set_config('lock_timeout', '0', true)", TestContext.Current.CancellationToken);
            await other.Database.ExecuteSqlAsync($"SELECT * FROM inputs WHERE \"Key\" = {keys[^1]} FOR UPDATE", TestContext.Current.CancellationToken);
            var waiting = storage.SubmitAsync(request);
            await using (var watch = await storage.OpenAsync())
            {
                while (await watch.Database.SqlQuery<int>($"SELECT count(*)::int AS \"Value\" FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid()").SingleAsync(TestContext.Current.CancellationToken) == 0)
                    waiting.IsCompleted.ShouldBeFalse();
            }
            try
            {
                await other.Database.ExecuteSqlAsync($"SELECT * FROM inputs WHERE \"Key\" = {keys[0]} FOR UPDATE", TestContext.Current.CancellationToken);
                ended = true;
            }
            catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.DeadlockDetected)
            {
                // This time it was not ours that was ended.
            }
            await transaction.RollbackAsync(TestContext.Current.CancellationToken);
            (await waiting).Submitted.ShouldNotBeNull().EditId.ShouldBe(request.EditId);
        }
    }

    [Fact]
    public async Task Does_everything_once_while_its_connections_are_cut_again_and_again()
    {
        await using var one = await StorageUnderTest.StartAsync(_folder);
        await using var two = await StorageUnderTest.StartAsync(_folder, one.Time);
        await using var ledger = await one.OpenAsync();
        var database = ledger.Database.GetDbConnection().Database;
        using var over = new CancellationTokenSource();
        var cuts = 0;
        var cutting = CutAsync(database, cut => Interlocked.Add(ref cuts, cut), over.Token);

        var ids = new List<string>();
        for (var i = 0; i < 12 || Volatile.Read(ref cuts) < 10; i++)
        {
            var (here, there) = i % 2 == 0 ? (one, two) : (two, one);
            var request = await here.RequestAsync();
            await UntilAnsweredAsync(() => here.SubmitAsync(request));
            var understanding = await UntilAnsweredAsync(() => here.ClaimAsync(request.EditId, claimId: $"u{i}"));
            await UntilAnsweredAsync(() => there.UnderstandAsync(understanding!.Attempt));
            var generating = await UntilAnsweredAsync(() => there.ClaimAsync(request.EditId, EditStage.Generating, claimId: $"g{i}"));
            (await UntilAnsweredAsync(() => here.GenerateAsync(generating!.Attempt))).ShouldBeTrue();
            ids.Add(request.EditId);
        }
        await over.CancelAsync();
        await cutting;

        foreach (var id in ids)
        {
            var edit = await UntilAnsweredAsync(() => one.RowAsync(id)); // A connection of the pool may have been cut last.
            (edit.Status, edit.Sequence, edit.Attempts.Count).ShouldBe((EditStatus.Succeeded, 5L, 2));
        }
    }

    private static async Task CutAsync(string database, Action<int> count, CancellationToken over)
    {
        var server = await Servers.PostgresAsync();
        await using var connection = new NpgsqlConnection(server.ConnectionTo("postgres"));
        await connection.OpenAsync(CancellationToken.None);
        await using var command = new NpgsqlCommand("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = $1", connection)
        {
            Parameters = { new NpgsqlParameter { Value = database } },
        };
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        try
        {
            while (await timer.WaitForNextTickAsync(over))
                count((int)(long)(await command.ExecuteScalarAsync(CancellationToken.None))!);
        }
        catch (OperationCanceledException)
        {
        }
    }

    // What a worker or a client does.
    private static async Task<T> UntilAnsweredAsync<T>(Func<Task<T>> call)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                return await call();
            }
            catch (Exception error) when (tries < 100 && LedgerFailure.Is(error))
            {
            }
        }
    }
}
