using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using FlexEdit.Contracts.Keys;

namespace FlexEdit.Benchmark.Gateway;

/// <summary>A server as a process of its own.</summary>
internal sealed class Served : IDisposable
{
    private readonly Process _process;

    private Served(Process process, HttpClient http) => (_process, Http) = (process, http);

    public HttpClient Http { get; }

    /// <summary>Processor time so far, of its children too, seconds.</summary>
    public double Processor => Family(_process.Id).Sum(ProcessorOf);

    public static async Task<Served> StartAsync(string kind, int port, string folder)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!);
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
            start.ArgumentList.Add(typeof(Served).Assembly.Location);
        foreach (var argument in new[] { kind, port.ToString(CultureInfo.InvariantCulture), folder })
            start.ArgumentList.Add(argument);
        var http = new HttpClient { BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}")), DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", ApiKey.New()) } };
        var served = new Served(Process.Start(start)!, http);
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (await poll.WaitForNextTickAsync())
        {
            try
            {
                using var answer = await http.GetAsync("/healthz/live");
                break;
            }
            catch (HttpRequestException)
            {
                if (served._process.HasExited)
                    throw new InvalidOperationException($"{kind} ended; the lines above say why.");
            }
        }
        return served;
    }

    public void Dispose()
    {
        Http.Dispose();
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    private static IEnumerable<int> Family(int process) => File.ReadAllText($"/proc/{process}/task/{process}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Select(child => int.Parse(child, CultureInfo.InvariantCulture)).Concat(ChildrenOfThreads(process)).Distinct().SelectMany(Family).Prepend(process);

    // A child belongs to the thread that started it.
    private static IEnumerable<int> ChildrenOfThreads(int process) => Directory.EnumerateDirectories($"/proc/{process}/task")
        .SelectMany(static task => File.ReadAllText(Path.Combine(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries)).Select(child => int.Parse(child, CultureInfo.InvariantCulture));

    private static double ProcessorOf(int process)
    {
        using var one = Process.GetProcessById(process);
        return one.TotalProcessorTime.TotalSeconds;
    }
}
