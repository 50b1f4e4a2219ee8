using System.Runtime.CompilerServices;
using FlexEdit.Contracts.Keys;
using FlexEdit.Contracts.Tenants;
using FlexEdit.Platform.Objects;
using FlexEdit.Storage.Edits;
using FlexEdit.Storage.Keys;
using FlexEdit.Storage.Tenants;
using FlexEdit.Storage.Usage;
using FlexEdit.Storage.Webhooks.Endpoints;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Storage;

public sealed class EraseTests : IDisposable
{
    private const string Other = "acme-2";
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Leaves_nothing_of_the_tenant_and_everything_of_the_others()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        await FillAsync(storage, StorageUnderTest.Tenant);
        await FillAsync(storage, Other);
        var others = await CountsAsync(storage, Other);
        var objectsOfOthers = Objects(Other);

        var removed = await EraseAsync(storage);

        (await CountsAsync(storage, StorageUnderTest.Tenant)).ShouldAllBe(table => table.Value == 0);
        (await CountsAsync(storage, Other)).ShouldBe(others);
        others.ShouldAllBe(table => table.Value > 0);
        (Objects(StorageUnderTest.Tenant), Objects(Other)).ShouldBe((0, objectsOfOthers));
        await using (var ledger = await storage.OpenAsync())
        {
            var ids = ledger.Edits.Select(e => e.Id).ToList();
            ledger.Attempts.Select(a => a.EditId).Concat(ledger.Events.Select(e => e.EditId)).Distinct().ShouldBe(ids, ignoreOrder: true);
            ledger.Inputs.Select(i => i.Key).Concat(ledger.InputUses.Select(u => u.Key)).ToList().ShouldAllBe(key => key.StartsWith($"tenants/{Other}/"));
        }
        removed["edits"].ShouldBe(2);
        removed["keys"].ShouldBe(1);
        removed["objects"].ShouldBeGreaterThan(0);
        (await EraseAsync(storage)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Cancels_what_runs_and_waits_for_its_worker()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var waiting = await storage.SubmitAsync();
        var running = await storage.SubmitAsync();
        var attempt = await storage.ClaimedAsync(running);

        var first = await StepAsync(storage);

        (first.Done, first.EditsLeft, first.Removed["edits"]).ShouldBe((false, 1, 1));
        (await storage.StatusAsync(running)).ShouldBe("canceling");
        (await storage.HeartbeatAsync(attempt)).Cancel.ShouldBeTrue();
        (await storage.ReleaseAsync(attempt, canceled: true)).ShouldBeTrue();
        (await EraseAsync(storage))["edits"].ShouldBe(1);
        (await CountsAsync(storage, StorageUnderTest.Tenant)).ShouldAllBe(table => table.Value == 0);
        waiting.ShouldNotBe(running);
    }

    [Fact]
    public async Task Goes_on_in_another_process_where_the_first_one_died()
    {
        await using (var first = await StorageUnderTest.StartAsync(_folder))
        {
            await FillAsync(first, StorageUnderTest.Tenant);
            var running = await first.SubmitAsync();
            await first.ClaimedAsync(running);
            (await StepAsync(first)).Done.ShouldBeFalse();
        }

        await using var second = await StorageUnderTest.StartAsync(_folder);
        (await second.SubmitAsync(await second.RequestAsync())).Refused.ShouldNotBeNull().Code.ShouldBe("conflict");
        second.Time.Advance(TimeSpan.FromMinutes(5));
        await second.Sweep.SweepAsync(Token); // The worker is gone too; its lease ends.
        await EraseAsync(second);

        (await CountsAsync(second, StorageUnderTest.Tenant)).ShouldAllBe(table => table.Value == 0);
        Objects(StorageUnderTest.Tenant).ShouldBe(0);
    }

    [Fact]
    public async Task Goes_on_wherever_the_object_store_fails()
    {
        FailingStore? objects = null;
        await using var storage = await StorageUnderTest.StartAsync(_folder, add: services => services.AddSingleton<IObjectStore>(
            provider => objects = new FailingStore(ActivatorUtilities.CreateInstance<FolderObjectStore>(provider))));
        await FillAsync(storage, StorageUnderTest.Tenant);
        var failures = 0;

        for (var done = false; !done; storage.Time.Advance(TimeSpan.FromSeconds(4)))
        {
            // The second removal of each try fails.
            objects!.FailAfter = 1;
            try
            {
                done = (await StepAsync(storage)).Done;
            }
            catch (ObjectStoreException)
            {
                (++failures).ShouldBeLessThan(50);
            }
        }

        failures.ShouldBeGreaterThan(3);
        (await CountsAsync(storage, StorageUnderTest.Tenant)).ShouldAllBe(table => table.Value == 0);
        Objects(StorageUnderTest.Tenant).ShouldBe(0);
    }

    [Fact]
    public async Task Takes_nothing_in_meanwhile_and_again_afterwards()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        await using var another = await StorageUnderTest.StartAsync(_folder, storage.Time);
        await another.SubmitAsync();
        await StepAsync(storage);
        storage.Time.Advance(TenantRegister.Remembered);

        foreach (var process in new[] { storage, another })
            (await process.SubmitAsync(await process.RequestAsync())).Refused.ShouldNotBeNull().Status.ShouldBe(409);

        await EraseAsync(storage);
        storage.Time.Advance(TenantRegister.Remembered);
        await another.SubmitAsync();
    }

    private static Task<ErasureProgress> StepAsync(StorageUnderTest storage) => storage.Get<EraseTenant>().StepAsync(StorageUnderTest.Tenant, Token);

    private static async Task<IReadOnlyDictionary<string, long>> EraseAsync(StorageUnderTest storage)
    {
        var removed = new Dictionary<string, long>();
        for (var steps = 0; steps < 20; steps++)
        {
            var progress = await StepAsync(storage);
            foreach (var (what, count) in progress.Removed)
                removed[what] = removed.GetValueOrDefault(what) + count;
            if (progress.Done)
                return removed;
            storage.Time.Advance(TimeSpan.FromSeconds(4));
        }
        throw new InvalidOperationException("It does not end.");
    }

    private int Objects(string tenant)
    {
        var folder = Path.Combine(_folder.Path, "objects", "tenants", tenant);
        return Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Count() : 0;
    }

    // One edit of each kind, an endpoint and what it is told, a key, usage, limits; and a row in whatever other table has tenants.
    private static async Task FillAsync(StorageUnderTest storage, string tenant)
    {
        await storage.Get<TenantRegister>().SetLimitsAsync(tenant, new SetTenantLimits { EditsInFlight = 100 }, Token);
        await storage.Get<KeyRegister>().CreateAsync(new CreateKey { Tenant = tenant, Scopes = KeyScopes.All }, Token);
        await storage.Get<WebhookRegister>().CreateAsync(tenant, "https://example.org/", "*", Token);
        await SucceedAsync(storage, tenant, "first");
        await storage.Get<FoldUsage>().SweepAsync(Token);
        await SucceedAsync(storage, tenant, "second");
        (await storage.DeleteAsync(await SucceedAsync(storage, tenant, "third"), tenant)).ShouldBe(RemoveEditHandler.Outcome.Removed);
        await using var ledger = await storage.OpenAsync();
        foreach (var (name, count) in await CountsAsync(storage, tenant))
        {
            if (count == 0)
                ledger.Add(AnyRow(ledger.Model.GetEntityTypes().Single(type => type.GetTableName() == name), tenant));
        }
        await ledger.SaveChangesAsync(Token);
    }

    private static async Task<string> SucceedAsync(StorageUnderTest storage, string tenant, string name)
    {
        var request = await storage.RequestAsync();
        request = request with
        {
            Tenant = tenant,
            IdempotencyKey = name,
            RequestDigest = name,
            Inputs = request.Inputs with { Scene = Own(request.Inputs.Scene, tenant, name), Mask = Own(request.Inputs.Mask, tenant, name) },
        };
        foreach (var key in request.Inputs.Keys().Append($"{ObjectKeys.Edit(tenant, request.EditId)}/understanding-1/embedding.safetensors"))
            await storage.Objects.PutAsync(key, new MemoryStream([1, 2, 3]), "image/png", Token);
        (await storage.SubmitAsync(request)).Submitted.ShouldNotBeNull();
        (await storage.UnderstandAsync(await storage.ClaimedAsync(request.EditId))).ShouldBeTrue();
        (await storage.GenerateAsync(await storage.ClaimedAsync(request.EditId, "generating"))).ShouldBeTrue();
        return request.EditId;
    }

    private static FlexEdit.Contracts.Edits.InputPicture Own(FlexEdit.Contracts.Edits.InputPicture picture, string tenant, string name) => picture with
    {
        OriginalKey = picture.OriginalKey is null ? null : ObjectKeys.Upload(tenant, $"{name}-upload"),
        UprightKey = ObjectKeys.Upright(tenant, $"{name}-upright"),
    };

    private static async Task<Dictionary<string, int>> CountsAsync(StorageUnderTest storage, string tenant)
    {
        await using var ledger = await storage.OpenAsync();
        var counts = new Dictionary<string, int>();
        foreach (var table in ledger.Model.GetEntityTypes().Where(type => type.FindProperty("Tenant") is not null).Select(type => type.GetTableName()!))
        {
#pragma warning disable EF1002 // Names of the model.
            counts[table] = await ledger.Database.SqlQueryRaw<int>($"SELECT CAST(COUNT(*) AS INTEGER) AS \"Value\" FROM \"{table}\" WHERE \"Tenant\" = {{0}}", tenant).SingleAsync(Token);
#pragma warning restore EF1002
        }
        return counts;
    }

    private static object AnyRow(IEntityType type, string tenant)
    {
        var row = RuntimeHelpers.GetUninitializedObject(type.ClrType);
        foreach (var property in type.GetProperties().Where(property => property.ClrType == typeof(string) && !property.IsNullable))
            property.PropertyInfo!.SetValue(row, property.Name == "Tenant" ? tenant : $"{tenant}-x");
        return row;
    }
}
