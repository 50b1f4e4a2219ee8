using FlexEdit.Contracts.Keys;
using FlexEdit.Storage.Keys;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Storage;

public sealed class KeyTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Finds_the_holder_of_a_key_until_it_is_revoked()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var keys = storage.Get<KeyRegister>();
        var key = await keys.CreateAsync(new CreateKey { Tenant = "acme", Name = "ci", Scopes = [KeyScopes.Read] }, CancellationToken.None);
        var hash = ApiKey.HashOf(key.Key!);

        var holder = (await keys.FindAsync(hash, CancellationToken.None)).ShouldNotBeNull();
        (holder.Id, holder.Tenant, holder.May(KeyScopes.Read), holder.May(KeyScopes.Write)).ShouldBe((key.Id, "acme", true, false));

        (await keys.RevokeAsync(key.Id, CancellationToken.None)).ShouldNotBeNull().RevokedAt.ShouldNotBeNull();
        (await keys.FindAsync(hash, CancellationToken.None)).ShouldBeNull();
        (await keys.ListAsync("acme", CancellationToken.None)).ShouldHaveSingleItem().RevokedAt.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_rotated_key_is_good_beside_its_new_secret_for_the_overlap()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var keys = storage.Get<KeyRegister>();
        var made = await keys.CreateAsync(new CreateKey { Tenant = "acme", Scopes = [KeyScopes.Read] }, CancellationToken.None);

        var rotated = (await keys.RotateAsync(made.Id, TimeSpan.FromHours(1), CancellationToken.None)).ShouldNotBeNull();

        (rotated.Id, rotated.Tenant, rotated.Prefix, rotated.OldUntil).ShouldBe((made.Id, "acme", rotated.Key![..9], new DateTime(2026, 11, 24, 7, 0, 0, DateTimeKind.Utc)));
        ApiKey.IsWellFormed(rotated.Key).ShouldBeTrue();
        (await HolderAsync(storage, made)).ShouldNotBeNull().Id.ShouldBe(made.Id);
        (await HolderAsync(storage, rotated)).ShouldNotBeNull().Id.ShouldBe(made.Id);
        storage.Time.Advance(TimeSpan.FromHours(1));
        (await HolderAsync(storage, made)).ShouldBeNull();
        (await HolderAsync(storage, rotated)).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_second_rotation_ends_the_first_secret_and_one_without_overlap_the_last()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var keys = storage.Get<KeyRegister>();
        var first = await keys.CreateAsync(new CreateKey { Tenant = "acme", Scopes = [KeyScopes.Read] }, CancellationToken.None);
        var second = (await keys.RotateAsync(first.Id, TimeSpan.FromHours(1), CancellationToken.None)).ShouldNotBeNull();
        var third = (await keys.RotateAsync(first.Id, TimeSpan.FromHours(1), CancellationToken.None)).ShouldNotBeNull();

        (await HolderAsync(storage, first)).ShouldBeNull();
        (await HolderAsync(storage, second)).ShouldNotBeNull();
        var fourth = (await keys.RotateAsync(first.Id, TimeSpan.Zero, CancellationToken.None)).ShouldNotBeNull();
        (await HolderAsync(storage, second)).ShouldBeNull();
        (await HolderAsync(storage, third)).ShouldBeNull();
        (await HolderAsync(storage, fourth)).ShouldNotBeNull();
        fourth.OldUntil.ShouldBeNull();
    }

    [Fact]
    public async Task Revoking_ends_both_secrets_and_a_revoked_key_has_no_new_one()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var keys = storage.Get<KeyRegister>();
        var made = await keys.CreateAsync(new CreateKey { Tenant = "acme", Scopes = [KeyScopes.Read] }, CancellationToken.None);
        var rotated = (await keys.RotateAsync(made.Id, TimeSpan.FromHours(1), CancellationToken.None)).ShouldNotBeNull();

        await keys.RevokeAsync(made.Id, CancellationToken.None);

        (await HolderAsync(storage, made)).ShouldBeNull();
        (await HolderAsync(storage, rotated)).ShouldBeNull();
        (await keys.RotateAsync(made.Id, TimeSpan.FromHours(1), CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task Stores_nothing_by_which_a_key_could_be_used()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var key = await storage.Get<KeyRegister>().CreateAsync(new CreateKey { Tenant = "acme", Scopes = KeyScopes.All }, CancellationToken.None);

        await using var ledger = await storage.OpenAsync();
        var row = await ledger.Keys.SingleAsync(TestContext.Current.CancellationToken);
        row.Prefix.ShouldBe(key.Key![..9]);
        (row.Hash + row.Name + row.Scopes + row.Id).ShouldNotContain(key.Key[9..]);
        (await storage.Get<KeyRegister>().ListAsync(null, CancellationToken.None)).ShouldHaveSingleItem().Key.ShouldBeNull();
    }

    [Fact]
    public async Task Knows_no_key_to_revoke_that_was_never_made()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);

        (await storage.Get<KeyRegister>().RevokeAsync("key_none", CancellationToken.None)).ShouldBeNull();
        (await storage.Get<KeyRegister>().RotateAsync("key_none", TimeSpan.Zero, CancellationToken.None)).ShouldBeNull();
    }

    private static Task<KeyHolder?> HolderAsync(StorageUnderTest storage, KeyView key) =>
        storage.Get<KeyRegister>().FindAsync(ApiKey.HashOf(key.Key!), CancellationToken.None);

    [Fact]
    public void Tells_a_mistyped_key_from_a_good_one()
    {
        var key = ApiKey.New();

        key.ShouldStartWith("fx_");
        ApiKey.IsWellFormed(key).ShouldBeTrue();
        ApiKey.New().ShouldNotBe(key);
        for (var i = 0; i < key.Length; i++)
        {
            var wrong = key.ToCharArray();
            wrong[i] = wrong[i] == '7' ? '8' : '7';
            ApiKey.IsWellFormed(new string(wrong)).ShouldBeFalse();
        }
        ApiKey.IsWellFormed(key[..^1]).ShouldBeFalse();
        ApiKey.IsWellFormed("").ShouldBeFalse();
    }
}
