using System.Text;
using CsCheck;
using FlexEdit.Models.Checkpoints;
using Shouldly;
using Xunit;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Unit.Checkpoints;

/// <summary>Random damage to sound files: a file opens and every tensor reads, or it is refused with a sentence. Nothing else ever happens.</summary>
public sealed class SafetensorsFuzzTests : IDisposable
{
    private const int Cases = 3_000;

    // What hand-made headers go wrong with: pieces that are put in place of a part of the file.
    private static readonly byte[][] Pieces =
    [
        .. new[]
        {
            "", "-1", "0", "1e9", "9223372036854775807", "18446744073709551616", "0.5", "null", "true", "\"", "{", "}", "[", "]", ",", ":", "[[", "{}", "F64", "BOOL", "BF16",
            "__metadata__", "\\ud800", "\\u0000", "\"t0\":{\"dtype\":\"F32\",\"shape\":[0,9223372036854775807],\"data_offsets\":[0,0]},", "shape", "dtype", "data_offsets", " ", "\n",
        }.Select(Encoding.UTF8.GetBytes),
        [0xff], [0xc3], [0x00], [0x80, 0x80],
    ];

    private static readonly Gen<Func<byte[], byte[]>> Damage = Gen.Frequency(
        // What a sound file may have besides: other weights, and white space behind the header or in it.
        (3, Gen.Select(Gen.Double[0, 1], Gen.Byte).Select((where, value) => new Func<byte[], byte[]>(b => ReplaceWeight(b, where, value)))),
        (3, Gen.Select(Gen.Int[1, 40], Gen.Int[0, 2].Select(i => (byte)" \n\t"[i]), Gen.Bool).Select((count, space, atEnd) => new Func<byte[], byte[]>(b => Pad(b, count, space, atEnd)))),
        (3, Gen.Select(Gen.Double[0, 1], Gen.Byte).Select((where, value) => new Func<byte[], byte[]>(b => Replace(b, where, 1, [value])))),
        (3, Gen.Select(Gen.Double[0, 1], Gen.Int[0, 12], Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i])).Select((where, length, piece) => new Func<byte[], byte[]>(b => Replace(b, where, length, piece)))),
        (2, Gen.Select(Gen.Double[0, 1], Gen.Int[1, 60]).Select((where, length) => new Func<byte[], byte[]>(b => Replace(b, where, length, [])))),
        (1, Gen.Double[0, 1].Select(share => new Func<byte[], byte[]>(b => b[..(int)(share * b.Length)]))),
        (1, Gen.Byte.Array[1, 40].Select(more => new Func<byte[], byte[]>(b => [.. b, .. more]))),
        (1, Gen.Select(Gen.Double[0, 1], Gen.Double[0, 1], Gen.Int[1, 80]).Select((from, to, length) => new Func<byte[], byte[]>(b => Replace(b, to, 0, Part(b, from, length))))));

    private readonly CheckpointFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Damaged_files_are_read_or_refused_and_nothing_else()
    {
        var sound = Sound();
        var opened = 0;
        var refused = 0;
        Gen.Select(Gen.Int[0, sound.Count - 1], Damage.Array[1, 3], Gen.Bool).Sample((which, damages, mendLength) =>
        {
            var bytes = damages.Aggregate(sound[which], (b, damage) => damage(b));
            if (mendLength && bytes.Length > 8)
                bytes = MendLength(bytes, sound[which].Length);
            if (Survives(bytes))
                opened++;
            else
                refused++;
        }, iter: Cases, threads: 1);
        // Both ends are reached: otherwise the damage is too small or too large to find anything.
        opened.ShouldBeGreaterThan(Cases / 100);
        refused.ShouldBeGreaterThan(Cases / 4);
    }

    private bool Survives(byte[] bytes)
    {
        var path = _folder.Save(bytes, "fuzzed.safetensors");
        using var scope = NewDisposeScope();
        try
        {
            using var file = SafetensorsFile.Open(path);
            foreach (var entry in file.Tensors.Values)
                file.Read(entry.Name).shape.ShouldBe(entry.Shape);
            return true;
        }
        catch (CheckpointException problem)
        {
            problem.Message.ShouldContain(path);
            return false;
        }
    }

    private List<byte[]> Sound()
    {
        using var scope = NewDisposeScope();
        var path = _folder.At("sound.safetensors");
        SafetensorsWriter.Write(path, new Dictionary<string, Tensor>
        {
            ["t0"] = arange(12).view(3, 4).to(ScalarType.Float32),
            ["t1"] = ones(2, 2, ScalarType.BFloat16),
            ["unet.conv.weight"] = zeros(1, 2, 1, 3, ScalarType.Float16),
            ["ids"] = arange(5),
            ["flag"] = ones(3, ScalarType.Bool),
            ["none"] = zeros(0, 4),
            ["scalar"] = tensor(1.5f),
        }, new Dictionary<string, string> { ["format"] = "pt" });
        return [File.ReadAllBytes(path), CheckpointFolder.Bytes("{}", []), CheckpointFolder.Bytes("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}   """, new byte[4])];
    }

    // Damage to the text changes its length; with the length put right the parser gets further.
    private static byte[] MendLength(byte[] bytes, int soundLength)
    {
        var header = BitConverter.ToUInt32(bytes) + bytes.Length - soundLength;
        return [.. BitConverter.GetBytes(Math.Max(0, header)), .. bytes[8..]];
    }

    private static byte[] ReplaceWeight(byte[] bytes, double where, byte value)
    {
        var start = HeaderEnd(bytes);
        return start < 0 || start >= bytes.Length ? bytes : Replace(bytes, (start + (where * (bytes.Length - start - 1))) / bytes.Length, 1, [value]);
    }

    private static byte[] Pad(byte[] bytes, int count, byte space, bool atEnd)
    {
        var end = HeaderEnd(bytes);
        if (end < 9)
            return bytes;
        var at = atEnd ? end : 9;
        return [.. BitConverter.GetBytes(end - 8L + count), .. bytes[8..at], .. Enumerable.Repeat(space, count), .. bytes[at..]];
    }

    // Behind the header; negative where its length is not that of any header here.
    private static int HeaderEnd(byte[] bytes) => bytes.Length >= 8 && BitConverter.ToInt64(bytes) is >= 0 and var length && length <= bytes.Length - 8 ? (int)length + 8 : -1;

    private static byte[] Replace(byte[] bytes, double where, int length, byte[] piece)
    {
        var at = (int)(where * bytes.Length);
        return [.. bytes[..at], .. piece, .. bytes[Math.Min(bytes.Length, at + length)..]];
    }

    private static byte[] Part(byte[] bytes, double from, int length)
    {
        var at = (int)(from * bytes.Length);
        return bytes[at..Math.Min(bytes.Length, at + length)];
    }
}
