using System.Globalization;
using FlexEdit.Benchmark.Loading;
using FlexEdit.Models.Natives;

// Usage: FlexEdit.Benchmark.Loading [--gigabytes N] [--rounds N] [--folder DIR]
var (gigabytes, rounds, folder) = (4.0, 3, Path.GetTempPath());
for (var i = 0; i < args.Length; i += 2)
{
    var value = i + 1 < args.Length ? args[i + 1] : "";
    var known = args[i] switch
    {
        "--gigabytes" => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out gigabytes) && gigabytes is > 0 and <= 100,
        "--rounds" => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out rounds) && rounds > 0,
        "--folder" => Directory.Exists(folder = value),
        _ => false,
    };
    if (!known)
    {
        Console.Error.WriteLine("Usage: FlexEdit.Benchmark.Loading [--gigabytes N] [--rounds N] [--folder DIR]\nWrites a checkpoint of random float16 weights to the folder, loads it and reads it plainly, in turns, and prints the ratio.");
        return 2;
    }
}
TorchNatives.UseThreads(Environment.ProcessorCount);
var path = Path.Combine(folder, $"flexedit-loading-{Environment.ProcessId}.safetensors");
try
{
    LoadingBenchmark.Write(path, (long)(gigabytes * 1e9));
    LoadingBenchmark.Run(path, rounds);
}
finally
{
    File.Delete(path);
}
return 0;
