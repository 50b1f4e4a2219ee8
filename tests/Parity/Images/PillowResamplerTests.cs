using System.Security.Cryptography;
using FlexEdit.Models.Images;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Parity.Images;

/// <summary>
/// Resampling is Pillow's to the last bit: beginnings of the SHA-256 of what Pillow 9.4 makes of a picture with every value and hard edges, at ratios from 0.4 to 3.3,
/// alike and unlike in the two directions.
/// </summary>
public sealed class PillowResamplerTests
{
    [Theory]
    [InlineData(98, 61, 89, 56, ResamplingFilter.Lanczos, "2f3c8bf86f2d0a3f")]
    [InlineData(98, 61, 89, 56, ResamplingFilter.Bilinear, "571fa1c956bf7f12")]
    [InlineData(98, 61, 89, 56, ResamplingFilter.Bicubic, "0dba44d7d08c715f")]
    [InlineData(61, 98, 56, 89, ResamplingFilter.Lanczos, "6a1a7a8e975bb309")]
    [InlineData(61, 98, 56, 89, ResamplingFilter.Bilinear, "38eb386eeb392def")]
    [InlineData(61, 98, 56, 89, ResamplingFilter.Bicubic, "cb3b12419dbff8ad")]
    [InlineData(640, 427, 336, 224, ResamplingFilter.Lanczos, "5ffa346f36652771")]
    [InlineData(640, 427, 336, 224, ResamplingFilter.Bilinear, "c6874cda2785832e")]
    [InlineData(640, 427, 336, 224, ResamplingFilter.Bicubic, "dd86b90db7e60537")]
    [InlineData(224, 500, 224, 161, ResamplingFilter.Lanczos, "07559778314e8d0e")]
    [InlineData(224, 500, 224, 161, ResamplingFilter.Bilinear, "f3795fc1f99df9ac")]
    [InlineData(224, 500, 224, 161, ResamplingFilter.Bicubic, "027c7cc0101d0883")]
    [InlineData(500, 224, 151, 224, ResamplingFilter.Lanczos, "6442ce5910a4cf06")]
    [InlineData(500, 224, 151, 224, ResamplingFilter.Bilinear, "0d49166bb048c584")]
    [InlineData(500, 224, 151, 224, ResamplingFilter.Bicubic, "4ebd4045b400b275")]
    [InlineData(100, 100, 91, 91, ResamplingFilter.Lanczos, "0e43a028dc91fa41")]
    [InlineData(100, 100, 91, 91, ResamplingFilter.Bilinear, "c5742b5ace8f616f")]
    [InlineData(100, 100, 91, 91, ResamplingFilter.Bicubic, "6b8fcbd88924148b")]
    [InlineData(100, 100, 30, 30, ResamplingFilter.Lanczos, "ee0c05affa5509f0")]
    [InlineData(100, 100, 30, 30, ResamplingFilter.Bilinear, "6c0bbc5378e2fec8")]
    [InlineData(100, 100, 30, 30, ResamplingFilter.Bicubic, "7b11c19b493f5da7")]
    [InlineData(90, 60, 60, 25, ResamplingFilter.Lanczos, "14f476e74f8be6e9")]
    [InlineData(90, 60, 60, 25, ResamplingFilter.Bilinear, "0f5918903bdb91d8")]
    [InlineData(90, 60, 60, 25, ResamplingFilter.Bicubic, "fc1d4cd052e8f6c2")]
    [InlineData(31, 17, 11, 8, ResamplingFilter.Lanczos, "4b050aca328e4ee3")]
    [InlineData(31, 17, 11, 8, ResamplingFilter.Bilinear, "ad4b6e5559431bfd")]
    [InlineData(31, 17, 11, 8, ResamplingFilter.Bicubic, "1ce89e057c40de4c")]
    [InlineData(40, 30, 97, 71, ResamplingFilter.Lanczos, "e50b51a4e9f730dc")]
    [InlineData(40, 30, 97, 71, ResamplingFilter.Bilinear, "7fb0c5c0f06dd6d2")]
    [InlineData(40, 30, 97, 71, ResamplingFilter.Bicubic, "80eb89809af3491c")]
    [InlineData(300, 120, 91, 61, ResamplingFilter.Lanczos, "15585a55cb5c4853")]
    [InlineData(300, 120, 91, 61, ResamplingFilter.Bilinear, "c51b103ce2c51be4")]
    [InlineData(300, 120, 91, 61, ResamplingFilter.Bicubic, "7a1ac7b712708271")]
    public void Gives_the_bytes_of_Pillow(int width, int height, int newWidth, int newHeight, ResamplingFilter filter, string sha256) =>
        Digest(PillowResampler.Resize(Picture(width, height), newWidth, newHeight, filter)).ShouldBe(sha256);

    /// <summary>Where the height shrinks by much more than the width, Pillow 13 begins with it; older ones do so when they are asked for one side after the other.</summary>
    [Theory]
    [InlineData(98, 61, 70, 20, ResamplingFilter.Lanczos, "02c9f12831bd0b1f")]
    [InlineData(98, 61, 70, 20, ResamplingFilter.Bilinear, "2db5a2c5cfaab6ae")]
    [InlineData(98, 61, 70, 20, ResamplingFilter.Bicubic, "0da8f9c83c877954")]
    [InlineData(40, 88, 96, 64, ResamplingFilter.Lanczos, "cfd336bbb87a4c6a")]
    [InlineData(40, 88, 96, 64, ResamplingFilter.Bilinear, "4fca0a7a0a37b673")]
    [InlineData(40, 88, 96, 64, ResamplingFilter.Bicubic, "24fe2529d0adf0ca")]
    public void Begins_with_the_height_where_it_shrinks_much_more(int width, int height, int newWidth, int newHeight, ResamplingFilter filter, string sha256) =>
        Digest(PillowResampler.Resize(Picture(width, height), newWidth, newHeight, filter)).ShouldBe(sha256);

    private static string Digest(RgbPicture picture) => Convert.ToHexStringLower(SHA256.HashData(picture.Pixels))[..16];

    private static RgbPicture Picture(int width, int height)
    {
        var pixels = new byte[width * height * 3];
        var at = 0;
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
                for (var channel = 0; channel < 3; channel++)
                {
                    var value = ((x * x * 7) + (y * y * 13) + (x * y * 3) + (channel * 101)) % 512;
                    pixels[at++] = (byte)(((x / 3) + (y / 5)) % 4 != 0 ? Math.Min(value, 255) : value % 2 == 1 ? 255 : 0);
                }
        return new RgbPicture(pixels, width, height);
    }
}
