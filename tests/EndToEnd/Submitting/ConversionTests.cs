using FlexEdit.Imaging.Pixels;
using FlexEdit.Masks;
using FlexEdit.Tests.EndToEnd.Hosting;
using FlexEdit.Tests.EndToEnd.Pictures;
using FlexEdit.Tests.EndToEnd.Requests;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.EndToEnd.Submitting;

/// <summary>Unusual uploads that work, and say what was done to them.</summary>
[Collection(ServerCollection.Name)]
public sealed class ConversionTests(StandaloneServer server)
{
    private static readonly EditForm s_small = new() { Shapes = Scenes.RingAt(80, 60, 25), Options = [("steps", "1")] };

    [Fact]
    public async Task A_cmyk_scene_is_converted_and_reported()
    {
        var job = await server.Calls.RunAsync(s_small with { Scene = BadFiles.CmykJpeg() });

        job.Inputs!.Scene!.Report.ShouldContain("converted from CMYK");
    }

    [Fact]
    public async Task A_16_bit_scene_is_converted_and_reported()
    {
        var job = await server.Calls.RunAsync(s_small with { Scene = BadFiles.SixteenBitPng() });

        job.Inputs!.Scene!.Report.ShouldContain("converted from 16 bit");
    }

    [Fact]
    public async Task A_smaller_mask_of_the_same_shape_is_scaled_and_reported()
    {
        var job = await server.Calls.RunAsync(s_small with
        {
            Scene = Scenes.PhotographPng(320, 240),
            Shapes = null,
            Mask = Scenes.MaskPng(160, 120, new Box(40, 30, 40, 30)),
        });

        job.Inputs!.Mask!.Report.ShouldContain("scaled from 160x120 to the scene's 320x240");
        (job.Inputs.Mask.Width, job.Inputs.Mask.Height).ShouldBe((320, 240));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public async Task A_mask_drawn_on_the_upright_picture_fits_whatever_the_exif_orientation(int orientation)
    {
        var upright = Quadrants(160, 120);
        var box = new Box(100, 10, 40, 40); // in the upper right quadrant

        var job = await server.Calls.RunAsync(s_small with
        {
            Scene = TaggedPictures.Turned(upright, orientation),
            Shapes = null,
            Mask = Scenes.MaskPng(160, 120, box),
        });

        (job.Outputs[0].Width, job.Outputs[0].Height).ShouldBe((160, 120));
        var stored = await server.Calls.PictureAsync($"/v1/edits/{job.Id}/inputs/scene");
        foreach (var (x, y) in new[] { (20, 15), (140, 15), (20, 105), (140, 105) })
            ShouldBeNear(stored.Pixel(x, y), upright.Pixel(x, y));
        Contains(EditCrop.Around(box, 160, 120, factor: 4), job.Outputs[0].Preservation!.Region).ShouldBeTrue();
        var report = job.Inputs!.Scene!.Report;
        if (orientation == 1)
            report.ShouldBeEmpty();
        else
            report.ShouldContain(line => line.EndsWith($"by EXIF orientation {orientation}", StringComparison.Ordinal));
    }

    private static void ShouldBeNear(ReadOnlySpan<byte> colour, ReadOnlySpan<byte> expected)
    {
        for (var i = 0; i < expected.Length; i++)
            ((int)colour[i]).ShouldBeInRange(expected[i] - 6, expected[i] + 6);
    }

    private static bool Contains(Box crop, IReadOnlyList<int> region) =>
        crop.Contains(new Box(region[0], region[1], region[2], region[3]));

    // Red, green / blue, grey: flat, so that a JPEG keeps the middles of the quadrants.
    private static RgbaImage Quadrants(int width, int height)
    {
        byte[][] colours = [[200, 40, 40, 255], [40, 180, 60, 255], [50, 60, 200, 255], [150, 150, 150, 255]];
        var picture = new RgbaImage(width, height);
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
                colours[(2 * y / height * 2) + (2 * x / width)].CopyTo(picture.Pixel(x, y));
        }
        return picture;
    }
}
