using System.Security.Cryptography;
using FlexEdit.Cli.Api;
using FlexEdit.Cli.Samples;
using FlexEdit.Imaging;
using FlexEdit.Imaging.Decoding;
using FlexEdit.Imaging.Pixels;
using FlexEdit.Masks;
using FlexEdit.Tests.EndToEnd.Hosting;
using FlexEdit.Tests.EndToEnd.Pictures;
using FlexEdit.Tests.EndToEnd.Requests;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.EndToEnd.Results;

/// <summary>The background does not change, and a client can prove it with nothing but the two pictures.</summary>
[Collection(ServerCollection.Name)]
public sealed class PreservationTests(StandaloneServer server)
{
    private const long Megabyte = 1024 * 1024;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(320, 240)]
    [InlineData(97, 333)]
    [InlineData(4000, 3000)]
    public async Task A_result_has_the_scenes_size_and_differs_only_inside_its_region(int width, int height)
    {
        var scene = Scenes.Photograph(width, height);
        var box = new Box(width / 3, height / 3, width / 4, height / 5);

        var job = await server.Calls.RunAsync(Form(scene, box));

        var result = await ShouldHoldAsync(job, scene);
        (result.Width, result.Height).ShouldBe((width, height));
        var region = job.Outputs[0].Preservation!.Region;
        region[2].ShouldBeGreaterThan(0, "something was edited");
        EditCrop.Around(box, width, height, factor: 4).Contains(new Box(region[0], region[1], region[2], region[3])).ShouldBeTrue();
    }

    [Fact]
    public async Task Transparency_of_the_scene_survives()
    {
        var scene = Scenes.Photograph(200, 160);
        for (var i = 3; i < scene.Pixels.Length; i += 4)
            scene.Pixels[i] = (byte)(i % 251);

        var job = await server.Calls.RunAsync(Form(scene, new Box(60, 50, 50, 40)) with { Scene = PictureEncoder.Png(scene) });

        await ShouldHoldAsync(job, scene);
    }

    [Fact]
    public async Task Large_pictures_are_edited_in_flat_memory()
    {
        var scene = Scenes.Photograph(4000, 3000);
        var form = Form(scene, new Box(1500, 1000, 400, 300)) with { Scene = PictureEncoder.Jpeg(scene) };
        await server.Calls.RunAsync(form);
        var once = server.Process.PeakMemory();

        for (var i = 0; i < 3; i++)
            await server.Calls.RunAsync(form with { Options = [("seed", $"{i}")] });

        (server.Process.PeakMemory() - once).ShouldBeLessThan(150 * Megabyte);
        server.Process.PeakMemory().ShouldBeLessThan(2500 * Megabyte);
    }

    [Fact]
    public async Task With_jpeg_the_promise_holds_before_encoding_and_the_job_says_so()
    {
        var scene = Scenes.Photograph(320, 240);

        var job = await server.Calls.RunAsync(Form(scene, new Box(100, 80, 60, 60)) with { Options = [("output_format", "jpeg")] });

        var claim = job.Outputs[0].Preservation!;
        job.Outputs[0].ContentType.ShouldBe("image/jpeg");
        claim.ChangedOutside.ShouldBe(0);
        claim.OutsideSha256After.ShouldBe(claim.OutsideSha256Before);
        using var client = server.Client();
        var proof = (await client.GetJsonAsync($"/v1/edits/{job.Id}", Cancellation)).GetProperty("outputs")[0].GetProperty("preservation");
        proof.GetProperty("lossless").GetBoolean().ShouldBeFalse();
    }

    private async Task<RgbaImage> ShouldHoldAsync(EditJob job, RgbaImage scene)
    {
        var output = job.Outputs[0];
        var upright = await server.Calls.PictureAsync($"/v1/edits/{job.Id}/inputs/scene");
        upright.Pixels.AsSpan().SequenceEqual(scene.Pixels).ShouldBeTrue("the reference is the scene as it was sent");
        var file = await server.Calls.DownloadAsync(output.Url);
        Convert.ToHexStringLower(SHA256.HashData(file)).ShouldBe(output.Sha256);

        var result = PictureDecoder.Decode(file).Pixels;
        var check = PreservationCheck.Compare(upright, result, output.Preservation!);
        check.Complaints.ShouldBeEmpty();

        var edited = await server.Calls.PictureAsync(output.Preservation!.EditedMask);
        for (var y = 0; y < result.Height; y++)
        {
            for (var x = 0; x < result.Width; x++)
            {
                var differs = !result.Pixel(x, y).SequenceEqual(upright.Pixel(x, y));
                if (differs != (edited.Pixel(x, y)[0] == 255))
                    Assert.Fail($"The edited mask is wrong about the pixel at ({x}, {y}).");
            }
        }
        return result;
    }

    private static EditForm Form(RgbaImage scene, Box box) => new()
    {
        Scene = PictureEncoder.Png(scene.WithoutAlpha()),
        Mask = Scenes.MaskPng(scene.Width, scene.Height, box),
        Subject = Scenes.SubjectPng(),
        Instruction = "Add the object of [pic2] at the mask.",
    };
}
