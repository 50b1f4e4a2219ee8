using FlexEdit.Models.Checkpoints;
using Shouldly;
using Xunit;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Unit.Checkpoints;

public sealed class SafetensorsWriterTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("flexedit-safetensors-").FullName;

    private string Target => Path.Combine(_folder, "model.safetensors");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Int64)]
    [InlineData(ScalarType.Int32)]
    [InlineData(ScalarType.Int16)]
    [InlineData(ScalarType.Int8)]
    [InlineData(ScalarType.Byte)]
    [InlineData(ScalarType.Bool)]
    public void Returns_what_was_written_in_every_type(ScalarType type)
    {
        using var scope = NewDisposeScope();
        var value = (arange(24) % 2).view(2, 3, 4).to(type);
        SafetensorsWriter.Write(Target, new Dictionary<string, Tensor> { ["x"] = value.transpose(0, 2) });

        using var file = SafetensorsFile.Open(Target);
        file.Tensors["x"].Type.ShouldBe(type);
        file.Read("x").equal(value.transpose(0, 2)).all().item<bool>().ShouldBeTrue();
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    public void Converts_weights_and_leaves_whole_numbers(ScalarType floatType)
    {
        using var scope = NewDisposeScope();
        var weights = randn(5, 7);
        SafetensorsWriter.Write(Target, new Dictionary<string, Tensor> { ["ids"] = arange(3), ["w"] = weights }, floatType: floatType);

        using var file = SafetensorsFile.Open(Target);
        file.Tensors["w"].Type.ShouldBe(floatType);
        file.Tensors["ids"].Type.ShouldBe(ScalarType.Int64);
        file.Read("w").equal(weights.to(floatType)).all().item<bool>().ShouldBeTrue();
        file.Read("w", ScalarType.Float32).dtype.ShouldBe(ScalarType.Float32);
    }

    [Fact]
    public void Writes_the_same_bytes_in_any_order_of_names_and_keeps_the_metadata()
    {
        using var scope = NewDisposeScope();
        var (a, b, flags) = (ones(3), zeros(2), tensor(new[] { true }));
        SafetensorsWriter.Write(Target, new Dictionary<string, Tensor> { ["b"] = b, ["flags"] = flags, ["a"] = a }, new Dictionary<string, string> { ["z"] = "1", ["format"] = "pt" });
        var first = File.ReadAllBytes(Target);
        SafetensorsWriter.Write(Target, new Dictionary<string, Tensor> { ["flags"] = flags, ["a"] = a, ["b"] = b }, new Dictionary<string, string> { ["format"] = "pt", ["z"] = "1" });

        File.ReadAllBytes(Target).ShouldBe(first);
        using var file = SafetensorsFile.Open(Target);
        file.Metadata.ShouldBe(new Dictionary<string, string> { ["format"] = "pt", ["z"] = "1" }, ignoreOrder: true);
    }

    [Fact]
    public void Leaves_the_old_file_and_nothing_else_when_a_tensor_cannot_be_stored()
    {
        using var scope = NewDisposeScope();
        SafetensorsWriter.Write(Target, new Dictionary<string, Tensor> { ["a"] = ones(3) });
        var old = File.ReadAllBytes(Target);
        var gone = ones(4);
        gone.Dispose();

        Should.Throw<NotSupportedException>(() => SafetensorsWriter.Write(Target, new Dictionary<string, Tensor> { ["a"] = zeros(3, ScalarType.ComplexFloat32) }));
        Should.Throw<Exception>(() => SafetensorsWriter.Write(Target, new Dictionary<string, Tensor> { ["a"] = ones(3), ["gone"] = gone }));

        File.ReadAllBytes(Target).ShouldBe(old);
        Directory.GetFiles(_folder).ShouldBe([Target]);
    }

    [Fact]
    public void Refuses_reserved_and_repeated_names()
    {
        using var scope = NewDisposeScope();
        Should.Throw<ArgumentException>(() => SafetensorsWriter.Write(Target, [new("__metadata__", ones(1))]));
        Should.Throw<ArgumentException>(() => SafetensorsWriter.Write(Target, [new("a", ones(1)), new("a", ones(1))]));
        Should.Throw<ArgumentException>(() => SafetensorsWriter.Write(Target, [new("a", ones(1))], floatType: ScalarType.Int32));
    }
}
