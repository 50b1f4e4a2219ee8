using FlexEdit.Contracts;
using FlexEdit.Contracts.Assets;
using FlexEdit.Contracts.Edits;
using FlexEdit.Contracts.Messages;
using FlexEdit.Platform.Ledger;
using FlexEdit.Platform.Objects;
using FlexEdit.Storage.Assets;
using FlexEdit.Storage.Edits;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Storage;

public sealed class AssetTests : IDisposable
{
    private readonly TestFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_same_bytes_are_one_asset_of_a_tenant()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);

        var first = await KeepAsync(storage, "cat");
        var second = await KeepAsync(storage, "cat");
        var others = await KeepAsync(storage, "cat", tenant: "other");

        (first.IsNew, second.IsNew, others.IsNew).ShouldBe((true, false, true));
        second.Asset!.View.Id.ShouldBe(first.Asset!.View.Id);
        others.Asset!.View.Id.ShouldNotBe(first.Asset.View.Id);
        (await Register(storage).FindAsync("other", first.Asset.View.Id, Token)).ShouldBeNull();
        (await Register(storage).FindAsync("acme", first.Asset.View.Id, Token)).ShouldNotBeNull().Key.ShouldBe(ObjectKeys.Upload("acme", "cat-upload"));
    }

    [Fact]
    public async Task A_hundred_uploads_at_once_are_one_asset()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(() => KeepAsync(storage, "cat"))));

        answers.Select(answer => answer.Asset!.View.Id).Distinct().ShouldHaveSingleItem();
        answers.Count(answer => answer.IsNew).ShouldBe(1);
    }

    [Fact]
    public async Task Lists_newest_first_in_pages()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var ids = new List<string>();
        foreach (var name in new[] { "a1", "b2", "c3" })
        {
            ids.Add((await KeepAsync(storage, name)).Asset!.View.Id);
            storage.Time.Advance(TimeSpan.FromSeconds(1));
        }
        await KeepAsync(storage, "d4", tenant: "other");

        var (page, hasMore) = await Register(storage).ListAsync("acme", after: null, 2, Token);
        var (rest, more) = await Register(storage).ListAsync("acme", page[^1].Id, 2, Token);

        (hasMore, more).ShouldBe((true, false));
        page.Concat(rest).Select(asset => asset.Id).ShouldBe(ids.AsEnumerable().Reverse());
    }

    [Fact]
    public async Task An_asset_goes_at_once_and_its_bytes_with_the_last_edit_that_uses_them()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var asset = (await KeepAsync(storage, "cat")).Asset!;
        var edit = await SucceededWithAsync(storage, asset);

        (await Register(storage).RemoveAsync("acme", asset.View.Id, Token)).ShouldBeTrue();
        (await Register(storage).RemoveAsync("acme", asset.View.Id, Token)).ShouldBeFalse();

        (await Register(storage).FindAsync("acme", asset.View.Id, Token)).ShouldBeNull();
        (await storage.Objects.ExistsAsync(asset.Key, Token)).ShouldBeTrue();
        await storage.DeleteAsync(edit);
        (await storage.Objects.ExistsAsync(asset.Key, Token)).ShouldBeFalse();
        (await storage.Objects.ExistsAsync(asset.UprightKey!, Token)).ShouldBeFalse();
    }

    [Fact]
    public async Task An_asset_that_no_edit_uses_takes_its_bytes_along()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var asset = (await KeepAsync(storage, "cat")).Asset!;

        (await Register(storage).RemoveAsync("other", asset.View.Id, Token)).ShouldBeFalse();
        (await storage.Objects.ExistsAsync(asset.Key, Token)).ShouldBeTrue();
        (await Register(storage).RemoveAsync("acme", asset.View.Id, Token)).ShouldBeTrue();

        (await storage.Objects.ExistsAsync(asset.Key, Token)).ShouldBeFalse();
        (await KeepAsync(storage, "cat")).IsNew.ShouldBeTrue(); // Stores it again.
    }

    [Fact]
    public async Task A_removed_edit_leaves_the_asset_that_it_used()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var asset = (await KeepAsync(storage, "cat")).Asset!;

        await storage.DeleteAsync(await SucceededWithAsync(storage, asset));

        (await Register(storage).FindAsync("acme", asset.View.Id, Token)).ShouldNotBeNull();
        (await storage.Objects.ExistsAsync(asset.Key, Token)).ShouldBeTrue();
    }

    [Fact]
    public async Task What_an_edit_was_sent_is_an_asset_as_long_as_an_edit_uses_it()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var (one, two) = (await SubmitFileAsync(storage, "cat"), await SubmitFileAsync(storage, "cat"));
        var (scene, mask) = await AssetsOfAsync(storage, one);
        (await AssetsOfAsync(storage, two)).ShouldBe((scene, mask));

        var asset = (await Register(storage).FindAsync("acme", scene, Token)).ShouldNotBeNull().View;
        (asset.Width, asset.Bytes, asset.ContentType, asset.ExpiresAt).ShouldBe((800, 3L, "image/png", (DateTime?)null));
        (await Register(storage).FindAsync("acme", mask, Token)).ShouldNotBeNull();

        foreach (var id in new[] { one, two })
        {
            (await Register(storage).FindAsync("acme", scene, Token)).ShouldNotBeNull();
            await storage.CancelAsync(id);
            (await storage.DeleteAsync(id)).ShouldBe(RemoveEditHandler.Outcome.Removed);
        }
        await using var ledger = await storage.OpenAsync();
        (ledger.Assets.Any(), ledger.Inputs.Any(), ledger.InputUses.Any()).ShouldBe((false, false, false));
    }

    [Fact]
    public async Task Uploading_what_an_edit_was_sent_keeps_it_beyond_the_edit()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var edit = await SubmitFileAsync(storage, "cat");
        var (scene, _) = await AssetsOfAsync(storage, edit);

        var kept = await KeepAsync(storage, "cat");
        await storage.CancelAsync(edit);
        await storage.DeleteAsync(edit);

        (kept.IsNew, kept.Asset!.View.Id).ShouldBe((false, scene));
        (await Register(storage).FindAsync("acme", scene, Token)).ShouldNotBeNull().View.ExpiresAt.ShouldBe(storage.Time.GetUtcNow().UtcDateTime + TimeSpan.FromDays(7));
        (await storage.Objects.ExistsAsync(kept.Asset.Key, Token)).ShouldBeTrue();
    }

    [Fact]
    public async Task Is_kept_for_a_retention_from_its_last_use_on()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var asset = (await KeepAsync(storage, "cat")).Asset!;
        storage.Time.Advance(TimeSpan.FromDays(6));
        await storage.DeleteAsync(await SucceededWithAsync(storage, asset));

        storage.Time.Advance(TimeSpan.FromDays(6));
        await storage.Retain.SweepAsync(Token);
        (await Register(storage).FindAsync("acme", asset.View.Id, Token)).ShouldNotBeNull();
        storage.Time.Advance(TimeSpan.FromDays(1));
        await storage.Retain.SweepAsync(Token);

        (await Register(storage).FindAsync("acme", asset.View.Id, Token)).ShouldBeNull();
        (await storage.Objects.ExistsAsync(asset.Key, Token)).ShouldBeFalse();
        await using var ledger = await storage.OpenAsync();
        (ledger.Assets.Any(), ledger.Inputs.Any(), ledger.InputUses.Any()).ShouldBe((false, false, false));
    }

    [Fact]
    public async Task Names_the_bytes_after_its_retention_while_an_edit_uses_them()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        var asset = (await KeepAsync(storage, "cat")).Asset!;
        await SubmitWithAsync(storage, asset);

        storage.Time.Advance(TimeSpan.FromDays(8));
        await storage.Retain.SweepAsync(Token);

        var after = (await Register(storage).FindAsync("acme", asset.View.Id, Token)).ShouldNotBeNull();
        (after.View.ExpiresAt, after.UprightKey).ShouldBe((null, null));
        (await storage.Objects.ExistsAsync(asset.Key, Token)).ShouldBeTrue();
    }

    [Fact]
    public async Task Refuses_an_upload_whose_bytes_are_just_being_removed()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        await using (var ledger = await storage.OpenAsync())
        {
            ledger.Inputs.Add(new() { Key = ObjectKeys.Upload("acme", "cat-upload"), Removing = true });
            await ledger.SaveChangesAsync(Token);
        }

        (await KeepAsync(storage, "cat")).Refused.ShouldNotBeNull().Status.ShouldBe(503);

        await storage.Retain.SweepAsync(Token);
        (await KeepAsync(storage, "cat")).IsNew.ShouldBeTrue();
    }

    [Fact]
    public async Task Loses_no_bytes_where_edits_begin_while_their_asset_is_removed()
    {
        await using var storage = await StorageUnderTest.StartAsync(_folder);
        for (var round = 0; round < 10; round++)
        {
            var asset = (await KeepAsync(storage, "cat")).Asset!;
            var request = await WithAsync(storage, asset);

            var submitting = Task.Run(() => storage.SubmitAsync(request));
            await Task.WhenAll(submitting, Task.Run(() => Register(storage).RemoveAsync("acme", asset.View.Id, CancellationToken.None)));

            var taken = (await submitting).Submitted is not null;
            await storage.Retain.SweepAsync(Token);
            (await storage.Objects.ExistsAsync(asset.Key, Token)).ShouldBe(taken);
            if (!taken)
                continue;
            await storage.CancelAsync(request.EditId);
            await storage.DeleteAsync(request.EditId);
        }
    }

    [Fact]
    public async Task Says_over_http_what_the_register_says_in_process()
    {
        await using var server = await StorageServer.StartAsync(_folder);
        await using var gateway = new ServiceCollection()
            .AddSingleton<IConfiguration>(_folder.Settings(("Internal:Token", StorageServer.Token), ("Internal:StorageUrl", server.Address.ToString())))
            .AddHttpAssetRegister().BuildServiceProvider();
        var register = gateway.GetRequiredService<IAssetRegister>();

        var kept = await KeepAsync(register, server.Get<IObjectStore>(), "cat");

        (kept.IsNew, kept.Refused).ShouldBe((true, null));
        var id = kept.Asset.ShouldNotBeNull().View.Id;
        (await register.FindAsync("acme", id, Token)).ShouldNotBeNull().UprightKey.ShouldBe(kept.Asset.UprightKey);
        (await register.FindAsync("other", id, Token)).ShouldBeNull();
        (await register.FindAsync("acme", "ast_..", Token)).ShouldBeNull();
        (await server.JobAsync($"/v1/assets/{id}")).GetProperty("sha256").GetString().ShouldBe("cat-upload");
        using var stranger = new HttpClient { BaseAddress = server.Address };
        ((int)(await stranger.GetAsync($"/internal/assets/acme/{id}", Token)).StatusCode).ShouldBe(401);
    }

    private static AssetRegister Register(StorageUnderTest storage) => storage.Get<AssetRegister>();

    private static Task<KeepAnswer> KeepAsync(StorageUnderTest storage, string name, string tenant = "acme") => KeepAsync(Register(storage), storage.Objects, name, tenant);

    private static async Task<KeepAnswer> KeepAsync(IAssetRegister register, IObjectStore objects, string name, string tenant = "acme")
    {
        var keep = new KeepAsset
        {
            Id = Ids.NewAsset(TimeProvider.System),
            Tenant = tenant,
            Sha256 = $"{name}-upload",
            Key = ObjectKeys.Upload(tenant, $"{name}-upload"),
            UprightKey = ObjectKeys.Upright(tenant, $"{name}-upright"),
            File = File,
        };
        foreach (var key in new[] { keep.Key, keep.UprightKey })
            await objects.PutAsync(key, new MemoryStream([1, 2, 3]), "image/png", CancellationToken.None);
        return await register.KeepAsync(keep, CancellationToken.None);
    }

    private static PictureFile File { get; } = new() { ContentType = "image/png", Bytes = 3, Width = 800, Height = 600, Report = ["rotated by EXIF orientation 6"] };

    // An edit whose scene and mask were sent as files.
    private static async Task<string> SubmitFileAsync(StorageUnderTest storage, string scene)
    {
        var request = await storage.RequestAsync(scene);
        request = request with
        {
            Inputs = request.Inputs with
            {
                Scene = request.Inputs.Scene with { Asset = Ids.NewAsset(storage.Time), File = File },
                Mask = request.Inputs.Mask with { Asset = Ids.NewAsset(storage.Time), File = File },
            },
        };
        (await storage.SubmitAsync(request)).Refused.ShouldBeNull();
        return request.EditId;
    }

    // An edit whose scene is an asset.
    private static async Task<SubmitEdit> WithAsync(StorageUnderTest storage, StoredAsset asset)
    {
        var request = await storage.RequestAsync("other");
        var scene = request.Inputs.Scene with { Asset = asset.View.Id, OriginalKey = asset.Key, UprightKey = asset.UprightKey!, Sha256 = asset.View.Sha256, File = File };
        return request with { Inputs = request.Inputs with { Scene = scene } };
    }

    private static async Task<string> SubmitWithAsync(StorageUnderTest storage, StoredAsset asset)
    {
        var request = await WithAsync(storage, asset);
        (await storage.SubmitAsync(request)).Refused.ShouldBeNull();
        return request.EditId;
    }

    private static async Task<string> SucceededWithAsync(StorageUnderTest storage, StoredAsset asset)
    {
        var id = await SubmitWithAsync(storage, asset);
        (await AssetsOfAsync(storage, id)).Scene.ShouldBe(asset.View.Id);
        (await storage.UnderstandAsync(await storage.ClaimedAsync(id))).ShouldBeTrue();
        (await storage.GenerateAsync(await storage.ClaimedAsync(id, EditStage.Generating))).ShouldBeTrue();
        return id;
    }

    private static async Task<(string Scene, string Mask)> AssetsOfAsync(StorageUnderTest storage, string id)
    {
        var inputs = System.Text.Json.JsonDocument.Parse(await storage.JobAsync(id)).RootElement.GetProperty("inputs");
        return (inputs.GetProperty("scene").GetProperty("asset").GetString()!, inputs.GetProperty("mask").GetProperty("asset").GetString()!);
    }
}
