using System.Globalization;
using FlexEdit.Models.Checkpoints;
using Shouldly;
using Xunit;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Unit.Checkpoints;

/// <summary>Loading needs no memory beside the tensors: what the system counts as resident at the worst moment is watched.</summary>
[Collection(nameof(MeasuredAlone))]
public sealed class ResidentMemoryTests : IDisposable
{
    private const long Rows = 20_000_000, Tensors = 8;
    private const long Allowed = 100_000_000;

    private readonly CheckpointFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.Float32)]
    public void Reading_takes_the_tensors_and_little_more(ScalarType type)
    {
        using var scope = NewDisposeScope();
        using var file = SafetensorsFile.Open(Synthetic());
        var before = Peak.Reset();

        var loaded = file.Tensors.Keys.Select(name => file.Read(name, type)).ToList();

        var size = loaded.Sum(t => t.NumberOfElements * t.ElementSize);
        size.ShouldBe(Rows * Tensors * (type == ScalarType.Float16 ? 2 : 4));
        (Peak.Bytes - before - size).ShouldBeLessThan(Allowed);
        loaded[^1][-1].to(ScalarType.Float32).item<float>().ShouldBe(Tensors - 1);
    }

    [Fact]
    public void Loading_into_a_network_takes_no_second_copy()
    {
        using var scope = NewDisposeScope();
        var network = Enumerable.Range(0, (int)Tensors).ToDictionary(i => $"t{i}", _ => zeros(Rows, ScalarType.Float32));
        using var file = SafetensorsFile.Open(Synthetic());
        var before = Peak.Reset();

        StateDict.Load(network, file);

        (Peak.Bytes - before).ShouldBeLessThan(Allowed);
        network["t3"].min().item<float>().ShouldBe(3);
    }

    [Fact]
    public void Writing_shards_from_a_file_keeps_one_tensor_in_memory()
    {
        using var file = SafetensorsFile.Open(Synthetic());
        var before = Peak.Reset();

        var written = SafetensorsWriter.WriteSharded(_folder.Path, "model", file.Tensors.Values.Select(t => TensorToWrite.From(file, t)), 3 * Rows * 2);

        written.Count.ShouldBe(4);
        (Peak.Bytes - before).ShouldBeLessThan(Rows * 2 + Allowed);
    }

    // 320 MB of half precision; the k-th tensor holds k everywhere.
    private string Synthetic()
    {
        var path = _folder.At("synthetic.safetensors");
        SafetensorsWriter.WriteOneByOne(path, Enumerable.Range(0, (int)Tensors)
            .Select(k => new TensorToWrite($"t{k}", ScalarType.Float16, [Rows], () => full(Rows, k, ScalarType.Float16))));
        return path;
    }

    private static class Peak
    {
        public static long Bytes => Status("VmHWM");

        /// <summary>Forgets the highest value so far and says what is resident now.</summary>
        public static long Reset()
        {
            File.WriteAllText("/proc/self/clear_refs", "5");
            return Status("VmRSS");
        }

        private static long Status(string field) => 1024 * long.Parse(
            File.ReadLines("/proc/self/status").Single(l => l.StartsWith(field + ":", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2].Split('\t')[^1],
            CultureInfo.InvariantCulture);
    }
}
