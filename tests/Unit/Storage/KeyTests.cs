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

        (await keys.RevokeAsync(key.Id, CancellationToken.None)).ShouldBeTrue();
        (await keys.FindAsync(hash, CancellationToken.None)).ShouldBeNull();
        (await keys.ListAsync("acme", CancellationToken.None)).ShouldHaveSingleItem().RevokedAt.ShouldNotBeNull();
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

        (await storage.Get<KeyRegister>().RevokeAsync("key_none", CancellationToken.None)).ShouldBeFalse();
    }

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
