using System.Buffers.Binary;
using FlexEdit.Models.Checkpoints;
using Shouldly;
using Xunit;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Unit.Checkpoints;

public sealed class CopyToTests : IDisposable
{
    private readonly CheckpointFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float64)]
    public void Converts_a_tensor_of_more_than_one_part(ScalarType type)
    {
        using var scope = NewDisposeScope();
        var value = arange(9_000_000, dtype: ScalarType.Float32);
        SafetensorsWriter.Write(_folder.At("a.safetensors"), new Dictionary<string, Tensor> { ["a"] = value });
        using var file = SafetensorsFile.Open(_folder.At("a.safetensors"));
        var target = zeros(3000, 3000, type);

        file.CopyTo("a", target);

        target.view(-1).equal(value.to(type)).all().item<bool>().ShouldBeTrue();
    }

    [Fact]
    public void Fills_a_tensor_whose_memory_is_in_another_order()
    {
        using var scope = NewDisposeScope();
        var value = rand(2, 3, 4, 5);
        SafetensorsWriter.Write(_folder.At("a.safetensors"), new Dictionary<string, Tensor> { ["a"] = value });
        using var file = SafetensorsFile.Open(_folder.At("a.safetensors"));
        var target = zeros(2, 4, 5, 3).permute(0, 3, 1, 2);
        target.is_contiguous().ShouldBeFalse();

        file.CopyTo("a", target);

        target.equal(value).all().item<bool>().ShouldBeTrue();
    }

    [Fact]
    public void Refuses_a_tensor_of_another_size()
    {
        using var scope = NewDisposeScope();
        SafetensorsWriter.Write(_folder.At("a.safetensors"), new Dictionary<string, Tensor> { ["a"] = ones(3) });
        using var file = SafetensorsFile.Open(_folder.At("a.safetensors"));
        Should.Throw<ArgumentException>(() => file.CopyTo("a", zeros(4))).Message.ShouldContain("'a' has 3 elements, and the tensor to be filled 4");
    }

    [Fact]
    public void Reads_tensors_that_are_not_aligned_and_says_that_they_are_not()
    {
        using var scope = NewDisposeScope();
        var data = new byte[5];
        BinaryPrimitives.WriteSingleLittleEndian(data.AsSpan(1), 2.5f);
        using var file = SafetensorsFile.Open(_folder.Save("""{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"F32","shape":[1],"data_offsets":[1,5]}}""", data));
        file.IsAligned.ShouldBeFalse();
        file.Read("b").item<float>().ShouldBe(2.5f);
        SafetensorsWriter.Write(_folder.At("a.safetensors"), new Dictionary<string, Tensor> { ["a"] = ones(1, ScalarType.Byte), ["b"] = ones(1) });
        using var written = SafetensorsFile.Open(_folder.At("a.safetensors"));
        written.IsAligned.ShouldBeTrue();
    }

    [Fact]
    public void Writing_refuses_a_value_of_another_shape_than_announced_and_leaves_nothing()
    {
        Should.Throw<ArgumentException>(() => SafetensorsWriter.WriteOneByOne(_folder.At("a.safetensors"), [new TensorToWrite("a", ScalarType.Float32, [3], () => ones(4))]))
            .Message.ShouldContain("'a' was announced as [3] and is [4]");
        Directory.GetFiles(_folder.Path).ShouldBeEmpty();
    }
}
