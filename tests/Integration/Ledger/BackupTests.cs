using FlexEdit.Contracts.Edits;
using FlexEdit.Tests.Integration.Hosting;
using FlexEdit.Tests.Unit.Storage;
using Npgsql;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Integration.Ledger;

/// <summary>A backup taken as docs/operations/backup.md says, while edits are being made, is a whole installation again.</summary>
public sealed class BackupTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly TestFolder _restored = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _folder.Dispose();
        _restored.Dispose();
    }

    [Fact]
    public async Task A_restored_ledger_with_its_objects_serves_what_was_done_and_goes_on_with_what_was_not()
    {
        var server = await Servers.PostgresAsync();
        string done, working, waiting, later, job;
        byte[] picture;
        var dump = Path.Combine(_folder.Path, "ledger.dump");
        var source = await server.NewEmptyDatabaseAsync();
        var target = await server.NewEmptyDatabaseAsync();
        await using (var before = await StorageServer.StartAsync(_folder, ("Storage:Postgres", source)))
        {
            done = await before.SucceededAsync();
            working = await before.SubmitAsync();
            await before.ClaimedAsync(working);
            waiting = await before.SubmitAsync();
            job = await before.Client.GetStringAsync($"/v1/edits/{done}", Token);
            picture = await before.Client.GetByteArrayAsync($"/v1/edits/{done}/outputs/0", Token);
            // First the ledger, then the objects: an object is never changed, and whatever the ledger names is there by then.
            await RunAsync("pg_dump", source, "--format=custom", "--file", dump);
            later = await before.SubmitAsync();
            Copy(Path.Combine(_folder.Path, "objects"), Path.Combine(_restored.Path, "objects"));
        }

        await RunAsync("pg_restore", target, "--no-owner", "--exit-on-error", dump);
        await using var after = await StorageServer.StartAsync(_restored, ("Storage:Postgres", target), ("Storage:Lease", "00:00:01"));

        (await after.Client.GetStringAsync($"/v1/edits/{done}", Token)).ShouldBe(job);
        (await after.Client.GetByteArrayAsync($"/v1/edits/{done}/outputs/0", Token)).ShouldBe(picture);
        (await after.ClaimedAsync(waiting)).EditId.ShouldBe(waiting);
        // Its worker did not come along: the lease runs out, and the next worker takes it.
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while ((await after.JobAsync($"/v1/edits/{working}")).GetProperty("attempts")[0].GetProperty("outcome").GetString() is null)
            await poll.WaitForNextTickAsync(Token);
        (await after.JobAsync($"/v1/edits/{working}")).GetProperty("status").GetString().ShouldBe(EditStatus.Processing);
        (await after.Client.GetAsync($"/v1/edits/{later}", Token)).StatusCode.ShouldBe(System.Net.HttpStatusCode.NotFound);
    }

    private static Task<string> RunAsync(string program, string database, params string[] arguments)
    {
        var at = new NpgsqlConnectionStringBuilder(database);
        return ServerProgram.RunAsync(
            "root", new Dictionary<string, string>(), [PostgresServer.Program(program), "--host", at.Host!, "--port", $"{at.Port}", "--username", at.Username!, "--dbname", at.Database!, .. arguments]);
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
