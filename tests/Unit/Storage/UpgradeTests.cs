using FlexEdit.Platform.Objects;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Storage;

/// <summary>A ledger of an earlier version keeps its meaning.</summary>
public sealed class UpgradeTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Counted_inputs_become_uses()
    {
        string first, second;
        var (kept, removing) = (ObjectKeys.Upright("acme", "cat-upright"), ObjectKeys.Upright("acme", "gone-upright"));
        await using (var before = await StorageUnderTest.StartAsync(_folder))
        {
            (first, second) = (await before.SucceededAsync("cat"), await before.SucceededAsync("cat"));
            await using var ledger = await before.OpenAsync();
            var keys = await ledger.InputUses.Select(use => use.Key).Distinct().ToListAsync(TestContext.Current.CancellationToken);
            var migrations = ledger.Database.GetMigrations().ToArray();
            var earlier = migrations[Array.FindIndex(migrations, name => name.EndsWith("_InputUsesAndIdempotency", StringComparison.Ordinal)) - 1];
            await ledger.GetService<IMigrator>().MigrateAsync(earlier, TestContext.Current.CancellationToken);
            await ledger.Database.ExecuteSqlAsync($"DELETE FROM inputs", TestContext.Current.CancellationToken);
            foreach (var key in keys)
                await ledger.Database.ExecuteSqlAsync($"INSERT INTO inputs (\"Key\", \"Uses\", \"Version\") VALUES ({key}, 2, 2)", TestContext.Current.CancellationToken);
            await ledger.Database.ExecuteSqlAsync($"INSERT INTO inputs (\"Key\", \"Uses\", \"Version\") VALUES ({removing}, 0, 1)", TestContext.Current.CancellationToken);
        }

        await using var after = await StorageUnderTest.StartAsync(_folder);

        await using (var ledger = await after.OpenAsync())
        {
            (await ledger.InputUses.Where(use => use.Key == kept).Select(use => use.Holder).ToListAsync(TestContext.Current.CancellationToken)).ShouldBe([first, second], ignoreOrder: true);
            (await ledger.Inputs.Where(input => input.Removing).Select(input => input.Key).ToListAsync(TestContext.Current.CancellationToken)).ShouldBe([removing]);
        }
        await after.DeleteAsync(first);
        (await after.Objects.ExistsAsync(kept, TestContext.Current.CancellationToken)).ShouldBeTrue();
        await after.DeleteAsync(second);
        (await after.Objects.ExistsAsync(kept, TestContext.Current.CancellationToken)).ShouldBeFalse();
        await using var end = await after.OpenAsync();
        (end.Inputs.Any(), end.InputUses.Any()).ShouldBe((false, false));
    }
}
