using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FlexEdit.Contracts;
using FlexEdit.Platform.Bus;
using FlexEdit.Tests.Integration.Hosting;
using Npgsql;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Integration.Bus;

/// <summary>The messages that a gateway and a storage of an earlier version sent (<c>tests/Unit/Contracts/Recorded</c>), sent again to the services of this one.</summary>
public sealed partial class RecordedVersionTests(Cloud cloud) : CloudTest(cloud)
{
    private static readonly string s_recorded = Path.Combine(Checkout.Root, "tests", "Unit", "Contracts", "Recorded");

    public static TheoryData<string> Versions => [.. Directory.EnumerateDirectories(s_recorded).Select(folder => Path.GetFileName(folder)!)];

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_submission_of_an_earlier_version_becomes_an_edit_that_succeeds(string version)
    {
        var id = Ids.NewEdit(TimeProvider.System);
        var submission = await MessageAsync(version, "SubmitEdit", id);
        var message = submission["message"]!.AsObject();
        (message["tenant"], message["idempotencyKey"], message["options"]!["steps"]) = ("acme", $"recorded-{id}", 2);
        // Its words, and pictures that are there.
        var there = await InputsAsync(await Cloud.SubmittedAsync());
        foreach (var name in new[] { "scene", "mask" })
        {
            foreach (var field in message["inputs"]![name]!.AsObject().Select(pair => pair.Key).ToArray())
                message["inputs"]![name]![field] = there[name]![Upper().Replace(field, match => $"_{match.Value.ToLowerInvariant()}")]?.DeepClone();
        }

        await PublishAsync(BusEndpoints.Submit, submission);
        // Hints too early, too late and twice change nothing.
        await PublishAsync(BusEndpoints.Understand(Cloud.Model), await MessageAsync(version, "UnderstandEdit", id));
        await PublishAsync(BusEndpoints.Generate(Cloud.Model), await MessageAsync(version, "GenerateEdit", id));

        await UntilKnownAsync(id);
        Cloud.StatusOf(await Cloud.EndedAsync(id)).ShouldBe("succeeded");
    }

    private async Task UntilKnownAsync(string id)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            using var answer = await Cloud.Gateway.Http.GetAsync($"/v1/edits/{id}", limit.Token);
            if (answer.IsSuccessStatusCode)
                return;
            await poll.WaitForNextTickAsync(limit.Token);
        }
    }

    private async Task<JsonNode> InputsAsync(string id)
    {
        await using var ledger = new NpgsqlConnection(Cloud.Database);
        await ledger.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand("""select "InputsJson" from edits where "Id" = $1""", ledger) { Parameters = { new() { Value = id } } };
        return JsonNode.Parse((string)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!)!;
    }

    private static async Task<JsonNode> MessageAsync(string version, string name, string id)
    {
        var envelope = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(s_recorded, version, $"{name}.message.json"), TestContext.Current.CancellationToken))!;
        envelope["message"]!["editId"] = id;
        return envelope;
    }

    private Task PublishAsync(string queue, JsonNode message) => Cloud.Broker.PostAsync(
        $"exchanges/{Cloud.Host}/amq.default/publish",
        new { properties = new { content_type = "application/vnd.masstransit+json" }, routing_key = queue, payload = message.ToJsonString(), payload_encoding = "string" });

    [GeneratedRegex("[A-Z]")]
    private static partial Regex Upper();
}
