using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using FlexEdit.Imaging;
using FlexEdit.Imaging.Pixels;
using FlexEdit.Masks;

namespace FlexEdit.Benchmark.Gateway;

/// <summary>The same requests to the gateway and to the plain server, in turns; their rates, times and processor times side by side.</summary>
internal static class Comparison
{
    private const int Bytes = 256_000;
    private const string Shapes = """[{"type":"circle","cx":300,"cy":300,"r":90}]""";

    public static async Task<int> RunAsync(TimeSpan time, int clients)
    {
        var folder = Directory.CreateTempSubdirectory("flexedit-gateway-").FullName;
        try
        {
            using var gateway = await Served.StartAsync("serve-gateway", 14_800, Path.Combine(folder, "gateway"));
            using var plain = await Served.StartAsync("serve-plain", 14_810, Path.Combine(folder, "plain"));
            var (scene, width, height) = Scene();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{clients} clients; scene {scene.Length / 1000} kB, {width}x{height}"));
            Console.WriteLine($"{"",-34} {"a second",9} {"p50 ms",8} {"p99 ms",8} {"processor ms",13}");
            foreach (var (name, ask) in new (string, Func<HttpClient, Task<HttpResponseMessage>>)[]
            {
                ("status read", static http => http.GetAsync("/v1/edits/edt_06b3x4f0yz8n7k2m5q9r1s3t5v")),
                ("submit", http => SubmitAsync(http, scene)),
            })
            {
                foreach (var server in new[] { gateway, plain })
                    await MeasureAsync(server, ask, TimeSpan.FromSeconds(2), clients);
                var (one, other) = (await MeasureAsync(gateway, ask, time, clients), await MeasureAsync(plain, ask, time, clients));
                Write($"{name}, gateway", one);
                Write($"{name}, plain", other);
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name + ", ratio",-34} {other.Rate / one.Rate,9:F1} {one.Median / other.Median,8:F1} {one.P99 / other.P99,8:F1} {one.Processor / other.Processor,13:F1}   overhead {one.Median - other.Median:F2} ms (median), {one.Processor - other.Processor:F2} ms of processor time"));
            }
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Write(string name, Measured measured) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{name,-34} {measured.Rate,9:F0} {measured.Median,8:F2} {measured.P99,8:F2} {measured.Processor,13:F2}"));

    private static async Task<Measured> MeasureAsync(Served server, Func<HttpClient, Task<HttpResponseMessage>> ask, TimeSpan time, int clients)
    {
        var times = new ConcurrentBag<double>();
        var (began, processor) = (Stopwatch.GetTimestamp(), server.Processor);
        await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(async () =>
        {
            while (Stopwatch.GetElapsedTime(began) < time)
            {
                var asked = Stopwatch.GetTimestamp();
                using var answer = await ask(server.Http);
                await answer.Content.ReadAsByteArrayAsync();
                answer.EnsureSuccessStatusCode();
                times.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
            }
        })));
        var (took, sorted) = (Stopwatch.GetElapsedTime(began), times.Order().ToArray());
        return new Measured(sorted.Length / took.TotalSeconds, sorted[sorted.Length / 2], sorted[sorted.Length * 99 / 100], (server.Processor - processor) * 1000 / sorted.Length);
    }

    private static async Task<HttpResponseMessage> SubmitAsync(HttpClient http, byte[] scene)
    {
        // Another picture each time, as between clients: what is stored already would not be stored again. What follows a JPEG's end is no part of it.
        var form = new MultipartFormDataContent
        {
            { new ByteArrayContent([.. scene, .. Guid.CreateVersion7().ToByteArray()]), "scene", "scene.jpg" },
            { new StringContent(Shapes), "mask_shapes" },
            { new StringContent("remove it"), "instruction" },
        };
        return await http.PostAsync("/v1/edits", form);
    }

    /// <summary>A photograph-like JPEG of about 256 kB.</summary>
    private static (byte[] File, int Width, int Height) Scene()
    {
        for (var width = 600; ; width += 40)
        {
            var height = width * 3 / 4;
            var (picture, random) = (new RgbImage(width, height), new SeededRandom(1));
            for (var i = 0; i < picture.Pixels.Length; i++)
            {
                var (x, y) = (i / 3 % width, i / 3 / width);
                picture.Pixels[i] = (byte)(110 + (90 * Math.Sin((x / 37.0) + (i % 3)) * Math.Cos(y / 53.0)) + random.Next(24));
            }
            var file = PictureEncoder.Jpeg(picture, quality: 90);
            if (file.Length >= Bytes)
                return (file, width, height);
        }
    }

    /// <summary>Requests a second; milliseconds: the median, the 99th percentile, and processor time of the server for one.</summary>
    private sealed record Measured(double Rate, double Median, double P99, double Processor);
}
