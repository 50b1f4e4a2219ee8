using System.Buffers.Binary;
using System.Text;
using FlexEdit.Models.Checkpoints;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Checkpoints;

/// <summary>Files made to hurt: each is refused with its reason, quickly, and without allocating what it claims.</summary>
[Collection(nameof(MeasuredAlone))]
public sealed class HostileFileTests : IDisposable
{
    private const int Large = 99_000_000;

    private readonly CheckpointFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, string> Hostile => new()
    {
        { nameof(HeaderOf101Megabytes), "its header claims 101000000 bytes, more than the 100000000 allowed" },
        { nameof(DeeplyNested), "the entry of 'a' is not an object" },
        { nameof(NestedInMetadata), "has a value that is not text" },
        { nameof(UnknownField), "the entry of 'a' has an unknown field 'b'" },
        { nameof(WideEntry), "'shape' of 'a' has more than 16 numbers" },
        { nameof(ManyTensors), "the header lists more than 250000 tensors" },
        { nameof(ManyTensorsInAnUnsoundHeader), "the header lists more than 250000 tensors" },
        { nameof(BracesInText), "'__metadata__' holds more than" },
        { nameof(LongName), "a name has" },
        { nameof(LargeMetadata), "'__metadata__'" },
        { nameof(OverlappingOffsets), "'b' overlaps 'a'" },
        { nameof(LyingType), "'a' of type F64 and shape [4] takes 32 bytes, but its offsets span 16" },
        { nameof(DuplicateNames), "the header has two entries named 'a'" },
        { nameof(Truncated), "it is truncated or its offsets are wrong" },
        { nameof(TruncatedInTheHeader), "it is truncated or not a safetensors file" },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Is_refused_quickly_and_in_little_memory(string kind, string reason)
    {
        var path = (string)typeof(HostileFileTests).GetMethod(kind, System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)!.Invoke(this, null)!;
        Should.Throw<CheckpointException>(() => SafetensorsFile.Open(path)).Message.ShouldContain(reason);

        var allocated = GC.GetAllocatedBytesForCurrentThread();
        // Of the processor's time: the clock also counts what other programs take.
        var before = Environment.CpuUsage.TotalTime;
        Should.Throw<CheckpointException>(() => SafetensorsFile.Open(path));
        var took = Environment.CpuUsage.TotalTime - before;

        (GC.GetAllocatedBytesForCurrentThread() - allocated).ShouldBeLessThan(1_000_000);
        took.ShouldBeLessThan(TimeSpan.FromMilliseconds(250));
    }

    private string HeaderOf101Megabytes()
    {
        var path = _folder.At("long.safetensors");
        using var stream = File.Create(path);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, 101_000_000);
        stream.Write(length);
        stream.Write("{"u8);
        stream.SetLength(8 + 101_000_000);
        return path;
    }

    private string DeeplyNested() => Filled("""{"a":""", "[", "");

    private string NestedInMetadata() => Filled("""{"__metadata__":{"a":""", "{\"a\":", "");

    private string UnknownField() => Filled("""{"a":{"b":""", "[", "");

    private string WideEntry() => Filled("""{"a":{"dtype":"F32","shape":[1""", ",1", """],"data_offsets":[0,4]}}""");

    private string ManyTensors()
    {
        var json = new StringBuilder("{");
        for (var i = 0; i < 300_000; i++)
            json.Append($$"""{{(i == 0 ? "" : ",")}}"{{i}}":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}""");
        return _folder.Save(json.Append('}').ToString(), []);
    }

    private string ManyTensorsInAnUnsoundHeader() => Filled("{", "\"a\":{},", "");

    private string BracesInText() => Filled("{\"__metadata__\":{\"a\":\"", "{", "\"}}");

    private string LongName() => Filled("{\"", "a", "\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}");

    private string LargeMetadata() => Filled("{\"__metadata__\":{\"a\":\"", "a", "\"}}");

    private string OverlappingOffsets() =>
        _folder.Save("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", new byte[12]);

    private string LyingType() => _folder.Save("""{"a":{"dtype":"F64","shape":[4],"data_offsets":[0,16]}}""", new byte[16]);

    private string DuplicateNames() =>
        _folder.Save("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}""", new byte[16]);

    private string Truncated() => _folder.Save("""{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}""", new byte[15]);

    private string TruncatedInTheHeader() => _folder.Save(CheckpointFolder.Bytes("""{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}""", [])[..30]);

    private string Filled(string start, string part, string end)
    {
        var path = _folder.At("filled.safetensors");
        var block = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(part, 1_000_000 / part.Length)));
        using var stream = File.Create(path);
        Span<byte> length = stackalloc byte[8];
        var blocks = Large / block.Length;
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)(start.Length + blocks * (long)block.Length + end.Length));
        stream.Write(length);
        stream.Write(Encoding.ASCII.GetBytes(start));
        for (var i = 0; i < blocks; i++)
            stream.Write(block);
        stream.Write(Encoding.ASCII.GetBytes(end));
        return path;
    }
}
