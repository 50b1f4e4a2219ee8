using FlexEdit.Platform.Objects;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Integration.Objects;

/// <summary>The store in a folder.</summary>
public sealed class FolderStoreTests : ObjectStoreConformance
{
    private readonly string _folder = Directory.CreateTempSubdirectory("flexedit-objects").FullName;

    [Fact]
    public async Task Has_no_links_to_give() =>
        (await Store.LinkAsync("tenants/default/a.png", TestContext.Current.CancellationToken)).ShouldBeNull();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private protected override Task<IObjectStore> NewStoreAsync() =>
        Task.FromResult<IObjectStore>(new FolderObjectStore(Options.Create(new ObjectStoreOptions { Folder = _folder }), TimeProvider.System));

    private protected override Task SpoilAsync(string key, byte[] bytes) => File.WriteAllBytesAsync(Path.Combine(_folder, "objects", key), bytes);
}
