using Npgsql;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Integration.Faults;

/// <summary>One deployment for all tests that break it in one place.</summary>
public sealed class SharedDeployment : IAsyncLifetime
{
    private FaultyDeployment? _faulty;

    internal FaultyDeployment Faulty => _faulty ?? throw new InvalidOperationException("Not started.");

    public async ValueTask InitializeAsync() => _faulty = await FaultyDeployment.UpAsync();

    public async ValueTask DisposeAsync()
    {
        if (_faulty is not null)
            await _faulty.DisposeAsync();
    }
}

[CollectionDefinition(Name)]
public sealed class FaultCollection : ICollectionFixture<SharedDeployment>
{
    public const string Name = "Faults";
}

/// <summary>What tests of single faults share: load, waiting, and the checker's verdict. Whatever a test broke is whole again after it.</summary>
[Collection(FaultCollection.Name)]
public abstract class FaultCase(SharedDeployment deployment) : IAsyncLifetime
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static int s_seed = 1000;

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected FaultyDeployment Faulty => deployment.Faulty;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await Faulty.HealAsync();
        GC.SuppressFinalize(this);
    }

    private protected static string[] Workers => ["understanding-1", "generation-1", "generation-2"];

    private protected LoadDriver Driver(int steps = 4, Func<int, string>? instruction = null) =>
        new(Faulty.Local.Http, Interlocked.Increment(ref s_seed)) { Steps = steps, Instruction = instruction ?? (number => $"Remove object {number}.") };

    private protected async Task ShouldBeWellAsync(LoadDriver driver, Action<Verdict> further)
    {
        var verdict = await new Checker(Faulty.Local, driver).CheckAsync(s_patience, Token);
        verdict.IsClean.ShouldBeTrue(verdict.ToString());
        verdict.Failed.ShouldBeEmpty(verdict.ToString());
        verdict.Accepted.ShouldBeGreaterThan(0);
        driver.Submissions.Select(s => s.Odd).ShouldAllBe(odd => odd == null);
        further(verdict);
    }

    private protected async Task<int> CountAsync(string sql)
    {
        await using var ledger = await Faulty.Local.DatabaseAsync(Token);
        await using var command = new NpgsqlCommand(sql, ledger);
        return (int)(long)(await command.ExecuteScalarAsync(Token))!;
    }

    private protected async Task UntilAsync(string sql, Func<int, bool> enough, TimeSpan? patience = null)
    {
        using var limit = new CancellationTokenSource(patience ?? s_patience);
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (!enough(await CountAsync(sql)))
            await poll.WaitForNextTickAsync(limit.Token);
    }

    private protected static async Task UntilAsync(Func<bool> isSo)
    {
        using var limit = new CancellationTokenSource(s_patience);
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!isSo())
            await poll.WaitForNextTickAsync(limit.Token);
    }
}
