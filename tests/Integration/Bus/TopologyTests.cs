using System.Text.Json;
using System.Text.RegularExpressions;
using FlexEdit.Tests.Integration.Hosting;
using Xunit;

namespace FlexEdit.Tests.Integration.Bus;

/// <summary>
/// What the services declare at the broker. A queue or exchange that is declared with another type or argument than it has is refused (406), and the process of a new version, or of the old one
/// beside it, would stand there without it: so this only grows.
/// </summary>
public sealed partial class TopologyTests(Cloud cloud) : CloudTest(cloud)
{
    private static string Approved => Path.Combine(Checkout.Root, "tests", "Integration", "Bus", "Approved", "topology.json");

    [Fact]
    public async Task Queues_and_exchanges_are_declared_as_they_were_approved()
    {
        // All consumers are there when an edit has gone through them.
        await Cloud.EndedAsync(await Cloud.SubmittedAsync());
        var declared = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var queue in (await Cloud.Broker.GetAsync($"queues/{Cloud.Host}")).EnumerateArray())
            declared[$"queue {NameOf(queue)}"] = $"{Text(queue, "type")}, durable {Text(queue, "durable")}, auto_delete {Text(queue, "auto_delete")}, {queue.GetProperty("arguments")}";
        foreach (var exchange in (await Cloud.Broker.GetAsync($"exchanges/{Cloud.Host}")).EnumerateArray().Where(e => Text(e, "name") is { Length: > 0 } name && !name.StartsWith("amq.", StringComparison.Ordinal)))
            declared[$"exchange {NameOf(exchange)}"] = $"{Text(exchange, "type")}, durable {Text(exchange, "durable")}, auto_delete {Text(exchange, "auto_delete")}, {exchange.GetProperty("arguments")}";

        var text = JsonSerializer.Serialize(declared, s_written) + "\n";
        var approved = File.Exists(Approved) ? JsonSerializer.Deserialize<Dictionary<string, string>>(await File.ReadAllTextAsync(Approved, TestContext.Current.CancellationToken))! : [];
        if (approved.Count == 0 || approved.Any(pair => declared.GetValueOrDefault(pair.Key) != pair.Value) || declared.Keys.Except(approved.Keys).Any(IsOurs))
        {
            await File.WriteAllTextAsync($"{Approved}.received", text, TestContext.Current.CancellationToken);
            Assert.Fail($"The services declare other queues or exchanges than {Approved} says; look at {Approved}.received. What is new may be added; what is there may not change while an older version may run beside.");
        }
    }

    private static readonly JsonSerializerOptions s_written = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static string Text(JsonElement element, string name) => element.GetProperty(name).ToString();

    // A test may have sent a message whose type has had no exchange before, or one that nobody could read; what comes of that is all alike.
    private static bool IsOurs(string name) => !name.StartsWith("exchange FlexEdit.Contracts.Messages:", StringComparison.Ordinal)
        && !name.StartsWith("exchange MassTransit:", StringComparison.Ordinal)
        && !name.EndsWith("_error", StringComparison.Ordinal) && !name.EndsWith("_skipped", StringComparison.Ordinal);

    // Queues of one process have its id in their name, and some the machine's.
    private static string NameOf(JsonElement element) => Process().Replace(Machine().Replace(Text(element, "name"), "MACHINE"), "PROCESS");

    [GeneratedRegex("[0-9a-f]{32}|(?<=_bus_)[0-9a-z]{20,}")]
    private static partial Regex Process();

    [GeneratedRegex("^.+(?=_FlexEdit[A-Za-z]+_bus_)")]
    private static partial Regex Machine();
}
