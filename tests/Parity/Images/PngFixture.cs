using System.Buffers.Binary;
using System.IO.Compression;
using FlexEdit.Models.Images;
using Shouldly;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Parity.Images;

/// <summary>Reads the cases' PNG files (8 bits, RGB, not interlaced; PNG specification, sections 5, 7 and 9) without the library under test.</summary>
internal static class PngFixture
{
    /// <summary>[3, H, W] float64, 0 to 255.</summary>
    public static Tensor Read(string path)
    {
        using var scope = NewDisposeScope();
        return ReadPicture(path).ToTensor().squeeze(0).to(float64).MoveToOuterDisposeScope();
    }

    /// <summary>The samples.</summary>
    public static RgbPicture ReadPicture(string path)
    {
        var file = File.ReadAllBytes(path);
        using var packed = new MemoryStream();
        var (width, height) = (0, 0);
        for (var at = 8; at < file.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            var type = file.AsSpan(at + 4, 4);
            var data = file.AsSpan(at + 8, length);
            if (type.SequenceEqual("IHDR"u8))
            {
                (width, height) = (BinaryPrimitives.ReadInt32BigEndian(data), BinaryPrimitives.ReadInt32BigEndian(data[4..]));
                data[8..].ToArray().ShouldBe([8, 2, 0, 0, 0]);
            }
            else if (type.SequenceEqual("IDAT"u8))
                packed.Write(data);
            at += length + 12;
        }
        packed.Position = 0;
        using var rows = new ZLibStream(packed, CompressionMode.Decompress);
        var stride = width * 3;
        var pixels = new byte[stride * height];
        var row = new byte[stride + 1];
        for (var y = 0; y < height; y++)
        {
            rows.ReadExactly(row);
            Unfilter(row, y == 0 ? new byte[stride] : pixels.AsSpan((y - 1) * stride, stride), pixels.AsSpan(y * stride, stride));
        }
        return new RgbPicture(pixels, width, height);
    }

    private static void Unfilter(byte[] row, ReadOnlySpan<byte> above, Span<byte> result)
    {
        for (var i = 0; i < result.Length; i++)
        {
            int left = i < 3 ? 0 : result[i - 3], up = above[i], corner = i < 3 ? 0 : above[i - 3];
            result[i] = (byte)(row[i + 1] + row[0] switch
            {
                0 => 0,
                1 => left,
                2 => up,
                3 => (left + up) / 2,
                4 => Paeth(left, up, corner),
                _ => throw new InvalidDataException($"{row[0]} is not a filter of PNG."),
            });
        }
    }

    private static int Paeth(int left, int up, int corner)
    {
        var (a, b, c) = (Math.Abs(up - corner), Math.Abs(left - corner), Math.Abs(left + up - (2 * corner)));
        return a <= b && a <= c ? left : b <= c ? up : corner;
    }
}
