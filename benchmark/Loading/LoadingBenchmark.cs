using System.Diagnostics;
using System.Globalization;
using FlexEdit.Models.Checkpoints;
using static TorchSharp.torch;

namespace FlexEdit.Benchmark.Loading;

/// <summary>
/// Loading a checkpoint beside reading the same file from the beginning to the end. The two take turns, each time after the file was dropped from the system's cache (cold) and again with it
/// in the cache (warm), so that what else the machine does hits both.
/// </summary>
internal static class LoadingBenchmark
{
    private const int Tensors = 64, ReadBytes = 1 << 22;

    /// <summary>Writes random float16 weights, which no file system can store in less room.</summary>
    public static void Write(string path, long bytes)
    {
        var elements = bytes / 2 / Tensors;
        SafetensorsWriter.WriteOneByOne(path, Enumerable.Range(0, Tensors).Select(k => new TensorToWrite($"t{k}", ScalarType.Float16, [elements], () => Random(elements))));
        FileCache.Flush(path);
    }

    /// <summary>Measures and prints a line a round and the medians.</summary>
    public static void Run(string path, int rounds)
    {
        var size = new FileInfo(path).Length;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{size / 1e9:0.00} GB, {Tensors} tensors"));
        // The memory is there before, as a network's is, and its pages as well.
        using var scope = NewDisposeScope();
        using var head = SafetensorsFile.Open(path);
        var targets = head.Tensors.ToDictionary(t => t.Key, t => zeros([.. t.Value.Shape], t.Value.Type), StringComparer.Ordinal);
        foreach (var cold in new[] { true, false })
        {
            List<double> plain = [], loading = [];
            for (var i = 0; i < rounds; i++)
            {
                plain.Add(Time(path, cold, () => ReadPlainly(path)));
                loading.Add(Time(path, cold, () => Load(path, targets)));
                Console.WriteLine(Line(cold, $"round {i + 1}", plain[^1], loading[^1], size));
            }
            Console.WriteLine(Line(cold, "median", Median(plain), Median(loading), size));
        }
    }

    private static Tensor Random(long elements)
    {
        using var numbers = randn(elements);
        return numbers.to(ScalarType.Float16);
    }

    private static string Line(bool cold, string what, double plain, double loading, long size) => string.Create(CultureInfo.InvariantCulture,
        $"{(cold ? "cold" : "warm")} {what,-8} plain read {plain,7:0.00} s ({size / plain / 1e6,6:0} MB/s)   load {loading,7:0.00} s ({size / loading / 1e6,6:0} MB/s)   ratio {loading / plain,5:0.00}");

    private static double Time(string path, bool cold, Action work)
    {
        if (cold)
            FileCache.Drop(path);
        else
            ReadPlainly(path);
        var start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static void ReadPlainly(string path)
    {
        using var file = File.OpenHandle(path, options: FileOptions.SequentialScan);
        var buffer = new byte[ReadBytes];
        for (long at = 0; RandomAccess.Read(file, buffer, at) is > 0 and var read; at += read)
        {
        }
    }

    private static void Load(string path, IReadOnlyDictionary<string, Tensor> targets)
    {
        using var file = SafetensorsFile.Open(path);
        StateDict.Load(targets, file);
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
