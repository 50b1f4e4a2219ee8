using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Onnx;
using static TorchSharp.torch;

namespace FlexEdit.Benchmark.Encoders;

/// <summary>One encoder run by ONNX Runtime and by our own network, side by side in one process: the two take turns, so that what else the machine does hits both.</summary>
internal static class Comparison
{
    private const int WarmUp = 5;

    /// <summary>Measures a folder of the fixtures' form; returns a line with the medians in milliseconds and TorchSharp's time divided by ONNX Runtime's.</summary>
    public static string Run(string folder, TimeSpan time)
    {
        using var config = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "config.json")));
        var kind = config.RootElement.GetProperty("model_type").GetString() switch
        {
            "clip_text_model" => "clip-text",
            "clip_vision_model" => "clip-vision",
            var other => other!,
        };
        using var inputs = SafetensorsFile.Open(Path.Combine(folder, "inputs.safetensors"));
        using var input = inputs.Read(inputs.Tensors.Keys.Single());
        var onnx = Open(new EncoderCard { Kind = kind, File = "model.onnx" }, folder);
        var torch = Open(new EncoderCard { Kind = kind, File = "model.safetensors", Config = "config.json" }, folder);
        using (onnx.Owner)
        using (torch.Owner)
        {
            List<double> first = [], second = [];
            for (var i = 0; i < WarmUp; i++)
            {
                onnx.Run(input).Dispose();
                torch.Run(input).Dispose();
            }
            var clock = Stopwatch.StartNew();
            while (clock.Elapsed < time)
            {
                first.Add(Measure(onnx.Run, input));
                second.Add(Measure(torch.Run, input));
            }
            var (a, b) = (Median(first), Median(second));
            return string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(Path.GetFullPath(folder)),-28} {input.shape[0],5} {a,11:0.000} ms {b,9:0.000} ms {b / a,7:0.00}");
        }
    }

    private static double Measure(Func<Tensor, EncoderStates> run, Tensor input)
    {
        var start = Stopwatch.GetTimestamp();
        run(input).Dispose();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static (Func<Tensor, EncoderStates> Run, IDisposable Owner) Open(EncoderCard card, string folder)
    {
        if (card.Kind == "clip-text")
        {
            var texts = card.OpenTexts(folder);
            return (texts.Encode, texts);
        }
        var pictures = card.OpenPictures(folder);
        return (pictures.Encode, pictures);
    }
}
