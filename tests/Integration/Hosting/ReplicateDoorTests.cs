using FlexEdit.Tests.EndToEnd.Doors;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Integration.Hosting;

/// <summary>Replicate's client against services in processes of their own, with keys.</summary>
public sealed class ReplicateDoorTests(Cloud cloud) : CloudTest(cloud)
{
    private readonly DoorPictures _pictures = new();

    [Fact]
    public async Task Waits_lists_streams_and_reads_what_it_sends_no_key_for()
    {
        var told = await NodeScript.RunAsync(
            Checkout.Root, "replicate.mjs", TestContext.Current.CancellationToken, "keyed", Cloud.Gateway.Address.ToString(), Cloud.Gateway.Http.DefaultRequestHeaders.Authorization!.Parameter!,
            _pictures.Folder, "", $"flexedit/{Cloud.Model}");

        told.ToString().ShouldBe("""{"account":"acme","status":"succeeded","result":200,"last":"done","changed":401}""");
    }

    [Fact]
    public async Task Uploads_files_and_uses_them()
    {
        var told = await NodeScript.RunAsync(
            Checkout.Root, "replicate.mjs", TestContext.Current.CancellationToken, "files", Cloud.Gateway.Address.ToString(), Cloud.Gateway.Http.DefaultRequestHeaders.Authorization!.Parameter!,
            _pictures.Folder, "", $"flexedit/{Cloud.Model}");

        (told.GetProperty("used").GetBoolean(), told.GetProperty("listed").GetBoolean(), told.GetProperty("status").GetString(), told.GetProperty("deleted").GetBoolean()).ShouldBe((true, true, "succeeded", true));
    }

    public override ValueTask DisposeAsync()
    {
        _pictures.Dispose();
        return base.DisposeAsync();
    }
}
