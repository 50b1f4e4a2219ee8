using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using FlexEdit.Imaging;
using FlexEdit.Imaging.Pixels;

namespace FlexEdit.Tests.Integration.Faults;

/// <summary>What became of one submission.</summary>
/// <param name="Number">0, 1, …</param>
/// <param name="Key">Its Idempotency-Key.</param>
/// <param name="Id">The edit's id where the client saw a 202.</param>
/// <param name="Refusals">503, 429 and 409 (the first call is still being taken in) before.</param>
/// <param name="Broken">Calls that ended without an answer.</param>
/// <param name="Odd">Any other status that came.</param>
/// <param name="Took">Time of the call that brought the 202.</param>
internal sealed record Submission(int Number, string Key, string? Id, int Refusals, int Broken, HttpStatusCode? Odd, TimeSpan Took);

/// <summary>Submits edits at a steady rate, whether or not they are answered, and remembers every answer. A client as it should be: it repeats, under one key, what was refused or broke off.</summary>
internal sealed class LoadDriver(HttpClient gateway, int seed)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(120);
    private readonly ConcurrentDictionary<int, Submission> _submissions = new();
    private int _next;

    /// <summary>What makes its pictures and keys other ones than another driver's.</summary>
    public int Seed => seed;

    /// <summary>Instruction of a number.</summary>
    public Func<int, string> Instruction { get; init; } = number => $"Remove object {number}.";

    /// <summary>Sampler steps.</summary>
    public int Steps { get; init; } = 4;

    /// <summary>Everything so far, by number.</summary>
    public IReadOnlyList<Submission> Submissions => [.. _submissions.Values.OrderBy(s => s.Number)];

    /// <summary>Ids that a client was promised.</summary>
    public IReadOnlyList<string> Accepted => [.. Submissions.Where(s => s.Id is not null).Select(s => s.Id!)];

    /// <summary>Submits at <paramref name="rate"/> a second for a time.</summary>
    public async Task RunAsync(double rate, TimeSpan time, CancellationToken cancellationToken)
    {
        var running = new List<Task>();
        using var clock = new PeriodicTimer(TimeSpan.FromSeconds(1 / rate));
        var started = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(started) < time && await clock.WaitForNextTickAsync(cancellationToken))
            running.Add(SubmitAsync(cancellationToken));
        await Task.WhenAll(running);
    }

    /// <summary>Submits one at each of these times after the beginning.</summary>
    public async Task RunAsync(IReadOnlyList<TimeSpan> arrivals, CancellationToken cancellationToken)
    {
        var running = new List<Task>();
        var started = Stopwatch.GetTimestamp();
        foreach (var at in arrivals)
        {
            if (at - Stopwatch.GetElapsedTime(started) is { Ticks: > 0 } gap)
                await Task.Delay(gap, cancellationToken);
            running.Add(SubmitAsync(cancellationToken));
        }
        await Task.WhenAll(running);
    }

    /// <summary>Waits until enough were accepted.</summary>
    public async Task UntilAsync(Func<int, bool> enough, CancellationToken cancellationToken)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!enough(Accepted.Count))
            await poll.WaitForNextTickAsync(cancellationToken);
    }

    /// <summary>Submits so many at once.</summary>
    public Task<Submission[]> SubmitAsync(int count, CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(_ => SubmitAsync(cancellationToken)));

    /// <summary>Submits one until it is accepted or the client's patience is over.</summary>
    public async Task<Submission> SubmitAsync(CancellationToken cancellationToken)
    {
        var number = Interlocked.Increment(ref _next) - 1;
        var submission = new Submission(number, $"load-{seed}-{number}", null, 0, 0, null, default);
        var scene = SceneOf(number);
        var started = Stopwatch.GetTimestamp();
        while (submission.Id is null && Stopwatch.GetElapsedTime(started) < s_patience)
        {
            submission = await OnceAsync(submission, scene, cancellationToken);
            if (submission.Odd is not null)
                break;
            // Without growing gaps the repetitions of all clients would be the next outage.
            if (submission.Id is null)
                await Task.Delay(TimeSpan.FromSeconds(Math.Min(16, 2 << Math.Min(3, submission.Refusals)) * (0.75 + (0.5 * Random.Shared.NextDouble()))), cancellationToken);
        }
        _submissions[number] = submission;
        return submission;
    }

    private async Task<Submission> OnceAsync(Submission submission, byte[] scene, CancellationToken cancellationToken)
    {
        using var form = new MultipartFormDataContent
        {
            { new ByteArrayContent(scene), "scene", "scene.png" },
            { new StringContent(ShapesOf(submission.Number)), "mask_shapes" },
            { new StringContent(Instruction(submission.Number)), "instruction" },
            { new StringContent(Steps.ToString(CultureInfo.InvariantCulture)), "steps" },
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/edits") { Content = form };
        request.Headers.Add("Idempotency-Key", submission.Key);
        var started = Stopwatch.GetTimestamp();
        try
        {
            using var answer = await gateway.SendAsync(request, cancellationToken);
            var text = await answer.Content.ReadAsStringAsync(cancellationToken);
            return answer.StatusCode switch
            {
                HttpStatusCode.Accepted => submission with { Id = JsonDocument.Parse(text).RootElement.GetProperty("id").GetString(), Took = Stopwatch.GetElapsedTime(started) },
                HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests or HttpStatusCode.Conflict => submission with { Refusals = submission.Refusals + 1 },
                // A balancer between client and gateways says so when a gateway has gone.
                HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout => submission with { Broken = submission.Broken + 1 },
                _ => submission with { Odd = answer.StatusCode },
            };
        }
        catch (Exception problem) when (problem is HttpRequestException or IOException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return (problem as HttpRequestException)?.HttpRequestError == HttpRequestError.ConnectionError
                // Nobody heard the request, so it may be made again by any client.
                ? submission with { Refusals = submission.Refusals + 1 }
                : submission with { Broken = submission.Broken + 1 };
        }
    }

    // A mask of its own, too: 6,400 different ones.
    private static string ShapesOf(int number) => string.Create(CultureInfo.InvariantCulture,
        $$"""[{"type":"circle","cx":{{20 + (number % 40)}},"cy":{{20 + (number / 40 % 20)}},"r":{{8 + (number / 800 % 8)}}}]""");

    private byte[] SceneOf(int number)
    {
        var scene = new RgbImage(80, 60);
        for (var i = 0; i < scene.Pixels.Length; i++)
            scene.Pixels[i] = (byte)((i * 7 / 3) + (i % 80));
        // Every edit has a picture of its own.
        BitConverter.TryWriteBytes(scene.Pixels, number);
        BitConverter.TryWriteBytes(scene.Pixels.AsSpan(4), seed);
        return PictureEncoder.Png(scene);
    }
}
