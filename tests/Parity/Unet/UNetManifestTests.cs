using System.Text.Json;
using FlexEdit.Models.Unet;
using FlexEdit.Tests.Parity.Fixtures;
using Shouldly;
using Xunit;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Parity.Unet;

public sealed class UNetManifestTests
{
    [Theory]
    [InlineData("stable-diffusion-1.5-unet")]
    [InlineData("instruct-pix2pix-unet")]
    public void Has_every_tensor_of_the_published_checkpoint_in_its_shape(string manifest)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(FixtureFolder.Manifest(manifest)));
        using var unet = new UNet2DConditionModel(UNet2DConditionConfig.Parse(json.RootElement.GetProperty("config").GetRawText()), META);

        var ours = unet.state_dict().ToDictionary(t => t.Key, t => string.Join(",", t.Value.shape));

        ours.ShouldBe(json.RootElement.GetProperty("tensors").EnumerateObject()
            .ToDictionary(t => t.Name, t => string.Join(",", t.Value.EnumerateArray().Select(size => size.GetInt64()))), ignoreOrder: true);
        unet.parameters().Sum(p => p.NumberOfElements).ShouldBe(json.RootElement.GetProperty("parameters").GetInt64());
    }
}
