using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FlexEdit.Tests.Integration.Faults;
using FlexEdit.Tests.Integration.Hosting;
using FlexEdit.Tests.Integration.Local;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;

namespace FlexEdit.Tests.Integration.Upgrade;

/// <summary>
/// Writes down what the processes of a version say to each other: one of each message, and one request and answer of each internal route that workers use. Made once for each version whose words
/// later ones have to understand (<c>benchmark/upgrade --record</c>); read by <c>RecordedVersionTests</c>.
/// </summary>
internal sealed class VersionRecorder(LocalDeployment local, string programs, IReadOnlyDictionary<string, string> settings)
{
    private static readonly JsonSerializerOptions s_written = new() { WriteIndented = true };
    private readonly Dictionary<string, JsonNode> _messages = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonObject> _calls = new(StringComparer.Ordinal);

    /// <summary>Submits edits until all has been heard, and writes it.</summary>
    public async Task RecordAsync(string folder, CancellationToken cancellationToken)
    {
        await using var connection = await new ConnectionFactory { Uri = new Uri(local["RABBITMQ"]) }.CreateConnectionAsync(cancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        var queue = (await channel.QueueDeclareAsync(cancellationToken: cancellationToken)).QueueName;
        foreach (var exchange in new[] { "submit-edit", "understand-edit.simulated", "generate-edit.simulated", "FlexEdit.Contracts.Messages:EditChanged", "FlexEdit.Contracts.Messages:EditProgressed", "FlexEdit.Contracts.Messages:EditCancelRequested" })
        {
            await channel.ExchangeDeclareAsync(exchange, ExchangeType.Fanout, durable: true, cancellationToken: cancellationToken);
            await channel.QueueBindAsync(queue, exchange, "", cancellationToken: cancellationToken);
        }
        await using var listener = await ListenAsync(cancellationToken);
        // Only a worker that is listened to paints, so that it is its words that are heard.
        await local.SignalAsync("generation-1", "STOP");
        await local.SignalAsync("generation-2", "STOP");
        var worker = ServiceProcess.StartProgram(Path.Combine(programs, "bin", "FlexEdit.Generation", "release", "FlexEdit.Generation.dll"), Settings(listener.Urls.First()));
        await using (worker)
        {
            await worker.ReadyAsync();
            var driver = new LoadDriver(local.Http, 7) { Steps = 100 };
            while (_messages.Count < 6 || _calls.Count < 4)
            {
                var edit = await driver.SubmitAsync(cancellationToken);
                // The second is canceled late in its painting, when a heartbeat has been sent.
                if (_messages.ContainsKey("EditProgressed") && await UntilPaintedAsync(edit.Id!, step: 50, cancellationToken))
                    await local.Http.PostAsync($"/v1/edits/{edit.Id}/cancel", null, cancellationToken);
                await HearAsync(channel, queue, cancellationToken);
            }
        }
        await local.SignalAsync("generation-1", "CONT");
        await local.SignalAsync("generation-2", "CONT");

        Directory.CreateDirectory(folder);
        foreach (var (name, message) in _messages)
            await File.WriteAllTextAsync(Path.Combine(folder, $"{name}.message.json"), message.ToJsonString(s_written) + "\n", cancellationToken);
        foreach (var (name, call) in _calls)
            await File.WriteAllTextAsync(Path.Combine(folder, $"{name}.call.json"), call.ToJsonString(s_written) + "\n", cancellationToken);
    }

    // False: it ended before.
    private async Task<bool> UntilPaintedAsync(string id, int step, CancellationToken cancellationToken)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await poll.WaitForNextTickAsync(cancellationToken))
        {
            var job = JsonNode.Parse(await local.Http.GetStringAsync($"/v1/edits/{id}", cancellationToken))!;
            if (job["status"]!.GetValue<string>() is not ("queued" or "processing"))
                return false;
            if (job["progress"] is JsonObject progress && progress["step"] is { } at && at.GetValue<int>() >= step && job["stage"]?.GetValue<string>() == "generating")
                return true;
        }
        return false;
    }

    private async Task HearAsync(IChannel channel, string queue, CancellationToken cancellationToken)
    {
        for (var quiet = 0; quiet < 10;)
        {
            if (await channel.BasicGetAsync(queue, autoAck: true, cancellationToken) is not { } got)
            {
                quiet++;
                await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
                continue;
            }
            var envelope = JsonNode.Parse(Encoding.UTF8.GetString(got.Body.Span))!;
            // Who sent it, and where from, is nobody's business later.
            var kept = new JsonObject { ["messageId"] = envelope["messageId"]?.DeepClone(), ["messageType"] = envelope["messageType"]!.DeepClone(), ["message"] = envelope["message"]!.DeepClone() };
            _messages.TryAdd(kept["messageType"]![0]!.GetValue<string>().Split(':')[^1], kept);
        }
    }

    private async Task<WebApplication> ListenAsync(CancellationToken cancellationToken)
    {
        var storage = File.ReadLines(Path.Combine(local.Folder, "ports")).First(line => line.StartsWith("balancer_port=", StringComparison.Ordinal)).Split('=')[1];
        var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{storage}") };
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add($"http://127.0.0.1:{FreePorts.Next()}");
        app.MapFallback(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), context.Request.Path + context.Request.QueryString) { Content = new ByteArrayContent(body.ToArray()) };
            foreach (var header in context.Request.Headers.Where(header => header.Key.StartsWith("X-FlexEdit", StringComparison.OrdinalIgnoreCase)))
                request.Headers.Add(header.Key, header.Value.ToString());
            request.Content.Headers.TryAddWithoutValidation("Content-Type", context.Request.ContentType);
            using var answer = await http.SendAsync(request);
            var text = await answer.Content.ReadAsStringAsync();
            lock (_calls)
            {
                if (body.Length > 0 && (text.Length > 0 || (int)answer.StatusCode == 204))
                {
                    _calls.TryAdd(context.Request.Path.Value!.Split('/')[^1], new JsonObject
                    {
                        ["path"] = context.Request.Path.Value,
                        ["request"] = JsonNode.Parse(body.ToArray()),
                        ["status"] = (int)answer.StatusCode,
                        ["answer"] = text.Length > 0 ? JsonNode.Parse(text) : null,
                    });
                }
            }
            context.Response.StatusCode = (int)answer.StatusCode;
            if (text.Length > 0)
            {
                context.Response.ContentType = "application/json";
                await context.Response.WriteAsync(text);
            }
        });
        await app.StartAsync(cancellationToken);
        return app;
    }

    private IEnumerable<(string, string)> Settings(string storage)
    {
        var ports = File.ReadLines(Path.Combine(local.Folder, "ports")).Select(line => line.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
        return
        [
            .. settings.Where(pair => pair.Key.StartsWith("FLEXEDIT__", StringComparison.Ordinal)).Select(pair => (pair.Key["FLEXEDIT__".Length..], pair.Value)),
            ("Bus__Transport", "rabbitmq"), ("Bus__RabbitMq", local["RABBITMQ"]), ("Objects__Store", "s3"), ("Objects__S3__Endpoint", local["S3_ENDPOINT"]),
            ("Objects__S3__AccessKey", local["S3_ACCESS_KEY"]), ("Objects__S3__SecretKey", local["S3_SECRET_KEY"]), ("Objects__S3__Bucket", local["S3_BUCKET"]),
            ("Internal__Token", ports["token"]), ("Internal__StorageUrl", storage),
        ];
    }
}
