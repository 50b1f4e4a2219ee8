using System.Buffers.Binary;
using System.Text;
using FlexEdit.Models.Checkpoints;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Checkpoints;

public sealed class SafetensorsFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("flexedit-safetensors-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Reads_values_shapes_and_metadata()
    {
        var data = new byte[16];
        for (var i = 0; i < 4; i++)
            BinaryPrimitives.WriteSingleLittleEndian(data.AsSpan(4 * i), i + 0.5f);
        using var file = SafetensorsFile.Open(Save("""{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[1,3],"data_offsets":[0,12]},"b":{"dtype":"F32","shape":[],"data_offsets":[12,16]}}  """, data));

        file.Metadata["format"].ShouldBe("pt");
        using var a = file.Read("a");
        using var b = file.Read("b");
        a.shape.ShouldBe([1, 3]);
        a.data<float>().ToArray().ShouldBe([0.5f, 1.5f, 2.5f]);
        b.shape.ShouldBeEmpty();
        b.data<float>().ToArray().ShouldBe([3.5f]);
    }

    [Fact]
    public void Reads_an_empty_file_and_a_tensor_without_elements()
    {
        using var empty = SafetensorsFile.Open(Save("{}", []));
        empty.Tensors.ShouldBeEmpty();
        using var file = SafetensorsFile.Open(Save("""{"none":{"dtype":"F32","shape":[0,4],"data_offsets":[0,0]}}""", []));
        using var none = file.Read("none");
        none.shape.ShouldBe([0, 4]);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}""", 12, "'a' ends at byte 16 of the data, but the file has only 12")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12, "'b' overlaps 'a'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""", 12, "4 bytes between 'a' and 'b' belong to no tensor")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 8, "4 bytes at the end of the file belong to no tensor")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[9223372036854775800,9223372036854775804]}}""", 8, "'a' ends at byte")]
    [InlineData("""{"a":{"dtype":"F16","shape":[4],"data_offsets":[0,16]}}""", 16, "'a' of type F16 and shape [4] takes 8 bytes, but its offsets span 16")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3037000500,3037000500],"data_offsets":[0,16]}}""", 16, "the shape of 'a' is too large")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-4],"data_offsets":[0,16]}}""", 16, "'shape' of 'a' holds something that is not a whole number")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4],"data_offsets":[16,0]}}""", 16, "'data_offsets' of 'a' is not a pair of a start and a later end")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4],"data_offsets":[0.5,16]}}""", 16, "'data_offsets' of 'a' holds something that is not a whole number")]
    [InlineData("""{"a":{"dtype":"F4","shape":[4],"data_offsets":[0,16]}}""", 16, "'a' has the element type 'F4', which is not one of F64, F32")]
    [InlineData("""{"a":{"shape":[4],"data_offsets":[0,16]}}""", 16, "the entry of 'a' has no 'dtype'")]
    [InlineData("""{"a":{"dtype":"F32","data_offsets":[0,16]}}""", 16, "the entry of 'a' has no 'shape'")]
    [InlineData("""{"a":{"dtype":"F32","dtype":"F32","shape":[4],"data_offsets":[0,16]}}""", 16, "the entry of 'a' has 'dtype' twice")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16],"more":1}}""", 16, "the entry of 'a' has an unknown field 'more'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}""", 16, "the header has two entries named 'a'")]
    [InlineData("""{"__metadata__":{"step":7}}""", 0, "'__metadata__' has a value that is not text: 'step'")]
    [InlineData("""{"a":7}""", 0, "the entry of 'a' is not an object")]
    [InlineData("""{"a":""", 0, "the header is not valid JSON")]
    [InlineData("""["a"]""", 0, "the header is not a JSON object")]
    [InlineData("", 0, "the header is not a JSON object")]
    public void Refuses_a_header_that_does_not_describe_its_data(string header, int dataLength, string problem)
    {
        var path = Save(header, new byte[dataLength]);
        var message = Should.Throw<CheckpointException>(() => SafetensorsFile.Open(path)).Message;
        message.ShouldContain(problem);
        message.ShouldContain(path);
    }

    [Theory]
    [InlineData(100_000_001UL, "its header claims 100000001 bytes, more than the 100000000 allowed")]
    [InlineData(ulong.MaxValue, "more than the 100000000 allowed")]
    [InlineData(1_000UL, "its header claims 1000 bytes, but only 2 follow")]
    public void Refuses_a_header_length_that_the_file_cannot_have(ulong claimed, string problem)
    {
        var bytes = new byte[10];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, claimed);
        Should.Throw<CheckpointException>(() => SafetensorsFile.Open(Save(bytes))).Message.ShouldContain(problem);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void Refuses_a_file_too_short_for_a_header_length(int length) =>
        Should.Throw<CheckpointException>(() => SafetensorsFile.Open(Save(new byte[length]))).Message.ShouldContain($"it has {length} bytes");

    [Theory]
    [InlineData("pytorch_model.bin")]
    [InlineData("v1-5-pruned.ckpt")]
    [InlineData("weights.PT")]
    public void Refuses_a_pickle_file_by_its_name_without_opening_it(string name) =>
        Should.Throw<CheckpointException>(() => SafetensorsFile.Open(Path.Combine(_folder, name))).Message.ShouldContain("named as a pickle file");

    [Fact]
    public void Refuses_a_pickle_file_that_was_renamed()
    {
        Should.Throw<CheckpointException>(() => SafetensorsFile.Open(Save([.. "PK\x03\x04"u8, .. new byte[60]]))).Message.ShouldContain("pickle");
        Should.Throw<CheckpointException>(() => SafetensorsFile.Open(Save([0x80, 2, (byte)'}', .. new byte[60]]))).Message.ShouldContain("pickle");
    }

    [Fact]
    public void Names_a_tensor_that_the_file_lacks()
    {
        using var file = SafetensorsFile.Open(Save("{}", []));
        Should.Throw<KeyNotFoundException>(() => file.Read("conv_in.weight")).Message.ShouldContain("'conv_in.weight'");
    }

    private string Save(string header, byte[] data)
    {
        var json = Encoding.UTF8.GetBytes(header);
        var bytes = new byte[8 + json.Length + data.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, (ulong)json.Length);
        json.CopyTo(bytes, 8);
        data.CopyTo(bytes, 8 + json.Length);
        return Save(bytes);
    }

    private string Save(byte[] bytes)
    {
        var path = Path.Combine(_folder, $"{Directory.GetFiles(_folder).Length}.safetensors");
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
