using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using FlexEdit.Tests.Integration.Faults;
using FlexEdit.Tests.Integration.Hosting;
using FlexEdit.Tests.Integration.Local;

namespace FlexEdit.Tests.Integration.Scale;

/// <summary>Everything as <c>deploy/local/up</c> runs it, but for the generation workers, which a scaler starts and ends by what storage says is outstanding.</summary>
internal sealed class ScaledDeployment : IAsyncDisposable
{
    private readonly HttpClient _pages = new() { Timeout = TimeSpan.FromSeconds(10) };
    private readonly Uri _outstanding;
    private readonly ServiceProcess _reader;

    private ScaledDeployment(LocalDeployment local, WorkerFleet fleet, ServiceProcess reader, int port)
    {
        (Local, Fleet, _reader) = (local, fleet, reader);
        _outstanding = new Uri($"http://127.0.0.1:{port}/outstanding/generating/simulated");
    }

    public LocalDeployment Local { get; }

    public WorkerFleet Fleet { get; }

    /// <summary>Starts all but generation workers.</summary>
    /// <param name="slower">How many times slower than the profile the GPUs are.</param>
    /// <param name="slots">Pictures that a GPU paints in one batch.</param>
    /// <param name="drain">How long a worker that is told to end goes on with what it has.</param>
    public static async Task<ScaledDeployment> UpAsync(double slower, int slots, TimeSpan drain)
    {
        var settings = FaultyDeployment.Simulated("00:00:00.020");
        settings["FLEXEDIT__Storage__Lease"] = "00:01:00";
        settings["FLEXEDIT__Storage__ResendAfter"] = "00:00:30";
        settings["FLEXEDIT__Storage__SweepInterval"] = "00:00:02";
        settings["FLEXEDIT__Storage__ReleaseAhead"] = "1024";
        settings["FLEXEDIT__Storage__RunDeadline"] = "00:30:00";
        settings["FLEXEDIT__Gateway__SubmitTimeout"] = "00:00:20";
        settings["FLEXEDIT__Understanding__Slots"] = "4";
        var local = await LocalDeployment.UpAsync(settings, _ => true, "--generations", "0", "--understandings", "1", "--storages", "2");
        var ports = File.ReadLines(Path.Combine(local.Folder, "ports")).Select(line => line.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
        var common = settings.ToDictionary(pair => pair.Key["FLEXEDIT__".Length..], pair => pair.Value);
        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["Bus__Transport"] = "rabbitmq",
            ["Bus__RabbitMq"] = local["RABBITMQ"],
            ["Objects__Store"] = "s3",
            ["Objects__S3__Endpoint"] = local["S3_ENDPOINT"],
            ["Objects__S3__AccessKey"] = local["S3_ACCESS_KEY"],
            ["Objects__S3__SecretKey"] = local["S3_SECRET_KEY"],
            ["Objects__S3__Bucket"] = local["S3_BUCKET"],
            ["Internal__Token"] = ports["token"],
            ["Internal__StorageUrl"] = $"http://127.0.0.1:{ports["balancer_port"]}",
            ["Workers__DrainFor"] = drain.ToString("c", CultureInfo.InvariantCulture),
            ["Host__ShutdownTimeout"] = (drain + TimeSpan.FromSeconds(20)).ToString("c", CultureInfo.InvariantCulture),
        })
            common[name] = value;
        foreach (var (name, value) in GpuProfile.Settings(slower, slots))
            common[name] = value;
        var port = FreePorts.Next();
        var reader = ServiceProcess.Start("FlexEdit.Storage",
            [.. common.Select(pair => (pair.Key, pair.Value)), ("Storage__Database", "postgres"), ("Storage__Postgres", local["POSTGRES"]), ("Telemetry__Url", $"http://127.0.0.1:{port}")]);
        await reader.ReadyAsync();
        return new ScaledDeployment(local, new WorkerFleet([.. common.Select(pair => (pair.Key, pair.Value))]), reader, port);
    }

    /// <summary>What KEDA's <c>metrics-api</c> would read; null while it cannot.</summary>
    public async Task<double?> OutstandingAsync(CancellationToken cancellationToken)
    {
        try
        {
            var answer = await _pages.GetStringAsync(_outstanding, cancellationToken);
            return JsonDocument.Parse(answer).RootElement.GetProperty("gpu_seconds").GetDouble();
        }
        catch (Exception problem) when (problem is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Scales until it is told to stop. Tells of every change.</summary>
    public async Task ScaleAsync(ScalerRules rules, Action<ScaleChange> changed, CancellationToken stopping)
    {
        var scaler = new KedaScaler(rules);
        var started = Stopwatch.GetTimestamp();
        var nextPoll = TimeSpan.Zero;
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(250));
        try
        {
            while (await tick.WaitForNextTickAsync(stopping))
            {
                var (now, before) = (Stopwatch.GetElapsedTime(started), Fleet.Count);
                var metric = await OutstandingAsync(stopping);
                if (now >= nextPoll)
                {
                    nextPoll = now + rules.Poll;
                    Fleet.Scale(scaler.Poll(now, metric, Fleet.Count));
                }
                Fleet.Scale(scaler.Sync(now, metric, Fleet.Count));
                if (Fleet.Count != before)
                    changed(new ScaleChange(now, metric ?? double.NaN, before, Fleet.Count));
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }

    public async ValueTask DisposeAsync()
    {
        _pages.Dispose();
        await Fleet.DisposeAsync();
        await _reader.DisposeAsync();
        await Local.DisposeAsync();
    }
}

/// <summary>A decision of the scaler.</summary>
internal sealed record ScaleChange(TimeSpan At, double Metric, int From, int To);
