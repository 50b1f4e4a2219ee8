using System.Globalization;
using FlexEdit.Benchmark.Encoders;
using FlexEdit.Models.Natives;

if (args.Length == 0)
{
    Console.Error.WriteLine("Usage: FlexEdit.Benchmark.Encoders FOLDER... [--seconds N] [--threads N]\nEach folder holds one encoder as model.onnx and as model.safetensors with config.json, and inputs.safetensors.");
    return 2;
}
var seconds = 3.0;
var threads = Environment.ProcessorCount;
var folders = new List<string>();
for (var i = 0; i < args.Length; i++)
{
    var isOption = args[i] is "--seconds" or "--threads";
    if (!isOption)
        folders.Add(args[i]);
    else if (args[i] == "--seconds" ? !TryRead(args, ++i, out seconds) : !TryRead(args, ++i, out threads))
    {
        Console.Error.WriteLine($"{args[i - 1]} wants a number above 0.");
        return 2;
    }
}
TorchNatives.UseThreads(threads);
Console.WriteLine($"{threads} threads");
Console.WriteLine($"{"encoder",-28} {"batch",5} {"ONNX Runtime",14} {"TorchSharp",12} {"ratio",7}");
foreach (var folder in folders)
    Console.WriteLine(Comparison.Run(folder, TimeSpan.FromSeconds(seconds)));
return 0;

static bool TryRead<T>(string[] args, int at, out T value)
    where T : System.Numerics.INumber<T>
{
    value = T.One;
    return at < args.Length && T.TryParse(args[at], CultureInfo.InvariantCulture, out value!) && value > T.Zero;
}
