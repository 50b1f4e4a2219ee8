using System.Security.Cryptography;
using FlexEdit.Cli.Api;
using FlexEdit.Cli.Samples;
using FlexEdit.Imaging.Pixels;
using FlexEdit.Masks;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Cli;

public sealed class PreservationCheckTests
{
    private readonly RgbaImage _scene = Picture(20, 10);
    private readonly RgbaImage _result = Picture(20, 10);

    public PreservationCheckTests()
    {
        _result.Pixel(4, 3)[0] ^= 1;
        _result.Pixel(9, 7)[3] ^= 1; // alpha counts
    }

    [Fact]
    public void Agrees_with_a_true_claim()
    {
        var check = PreservationCheck.Compare(_scene, _result, TrueClaim());

        check.Complaints.ShouldBeEmpty();
        check.Region.ShouldBe(new Box(4, 3, 6, 5));
        check.ChangedPixels.ShouldBe(2);
    }

    [Fact]
    public void Finds_a_single_changed_pixel_outside_of_the_region_that_is_claimed()
    {
        _result.Pixel(19, 9)[2] ^= 1;

        PreservationCheck.Compare(_scene, _result, TrueClaim()).Complaints.ShouldBe([
            "The region is said to be [4, 3, 6, 5], but it is [4, 3, 16, 7].",
            "2 pixels are said to differ, but 3 do.",
            "The digest of the scene outside of the region is another one.",
            "The digest of the result outside of the region is another one.",
        ]);
    }

    [Fact]
    public void Does_not_accept_a_claim_that_admits_changes_outside() =>
        PreservationCheck.Compare(_scene, _result, TrueClaim() with { ChangedOutside = 1 })
            .Complaints.ShouldBe(["1 pixels changed where nothing should."]);

    [Fact]
    public void Does_not_accept_a_result_of_another_size() =>
        PreservationCheck.Compare(_scene, Picture(20, 11), TrueClaim())
            .Complaints.ShouldBe(["The result has 20x11 pixels, the scene 20x10."]);

    [Fact]
    public void Digest_is_that_of_the_rgba_bytes_with_the_region_zeroed()
    {
        var picture = Picture(2, 2);
        var bytes = picture.Pixels.ToArray();
        bytes.AsSpan(12, 4).Clear(); // the pixel at (1, 1)

        PreservationCheck.OutsideDigest(picture, new Box(1, 1, 1, 1)).ShouldBe(Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    private JobPreservation TrueClaim()
    {
        var digest = PreservationCheck.OutsideDigest(_scene, new Box(4, 3, 6, 5));
        return new() { Region = [4, 3, 6, 5], ChangedPixels = 2, OutsideSha256Before = digest, OutsideSha256After = digest };
    }

    private static RgbaImage Picture(int width, int height)
    {
        var picture = new RgbaImage(width, height);
        for (var i = 0; i < picture.Pixels.Length; i++)
            picture.Pixels[i] = (byte)((i * 37) + (i / 80));
        return picture;
    }
}
