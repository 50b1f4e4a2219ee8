using System.Security.Cryptography;
using CsCheck;
using FlexEdit.Compositing;
using FlexEdit.Imaging.Pixels;
using FlexEdit.Masks;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Compositing;

public sealed class OutsideDigestTests
{
    [Fact]
    public void Hashes_rgba_rows_with_the_region_set_to_zero()
    {
        var scene = new RgbImage(2, 2, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]).ToRgba();
        byte[] expected = [1, 2, 3, 255, 4, 5, 6, 255, 7, 8, 9, 255, 0, 0, 0, 0];

        OutsideDigest.Of(scene, new Box(1, 1, 1, 1)).ShouldBe(Convert.ToHexStringLower(SHA256.HashData(expected)));
    }

    [Fact]
    public void Uses_the_pictures_own_transparency()
    {
        var scene = new RgbaImage(2, 1, [1, 2, 3, 40, 5, 6, 7, 80]);

        OutsideDigest.Of(scene, default).ShouldBe(Convert.ToHexStringLower(SHA256.HashData(scene.Pixels)));
    }

    [Fact]
    public void Notices_every_pixel_outside_and_none_inside() =>
        (from seed in Gen.Byte.Array[7 * 5 * 4]
         from at in Gen.Int[0, (7 * 5) - 1]
         select (seed, at)).Sample(
            sample =>
            {
                var region = new Box(2, 1, 3, 3);
                var scene = new RgbaImage(7, 5, sample.seed);
                var other = (byte[])sample.seed.Clone();
                other[sample.at * 4] ^= 1;

                var same = OutsideDigest.Of(scene, region) == OutsideDigest.Of(new RgbaImage(7, 5, other), region);
                same.ShouldBe(region.Contains(sample.at % 7, sample.at / 7));
            },
            iter: 100);
}
