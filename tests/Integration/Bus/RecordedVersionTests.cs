using System.Text.Json.Nodes;
using FlexEdit.Platform.Bus;
using FlexEdit.Tests.Integration.Hosting;
using Npgsql;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Integration.Bus;

/// <summary>The messages that a gateway and a storage of an earlier version sent (<c>tests/Unit/Contracts/Recorded</c>), sent again to the services of this one.</summary>
[Collection(CloudCollection.Name)]
public sealed class RecordedVersionTests(Cloud cloud)
{
    private static readonly string s_recorded = Path.Combine(Checkout.Root, "tests", "Unit", "Contracts", "Recorded");

    public static TheoryData<string> Versions => [.. Directory.EnumerateDirectories(s_recorded).Select(folder => Path.GetFileName(folder)!)];

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_submission_of_an_earlier_version_becomes_an_edit_that_succeeds(string version)
    {
        var folder = Path.Combine(s_recorded, version);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(folder, "objects"), "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(cloud.Objects, Path.GetRelativePath(Path.Combine(folder, "objects"), file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
        var submission = await MessageAsync(folder, "SubmitEdit");
        var id = submission["message"]!["editId"]!.GetValue<string>();

        await PublishAsync(BusEndpoints.Submit, submission);
        // Hints too early, too late and twice change nothing.
        foreach (var (queue, name) in new[] { (BusEndpoints.Understand(Cloud.Model), "UnderstandEdit"), (BusEndpoints.Generate(Cloud.Model), "GenerateEdit") })
        {
            var command = await MessageAsync(folder, name);
            command["message"]!["editId"] = id;
            await PublishAsync(queue, command);
        }

        (await EndOfAsync(id)).ShouldBe("succeeded");
    }

    private async Task<string> EndOfAsync(string id)
    {
        await using var ledger = new NpgsqlConnection(cloud.Database);
        await ledger.OpenAsync(TestContext.Current.CancellationToken);
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            await using var command = new NpgsqlCommand("""select "Status" from edits where "Id" = $1""", ledger) { Parameters = { new() { Value = id } } };
            if (await command.ExecuteScalarAsync(TestContext.Current.CancellationToken) is string and ("succeeded" or "failed" or "canceled" or "expired") and var status)
                return (string)status;
            await poll.WaitForNextTickAsync(limit.Token);
        }
    }

    private static async Task<JsonNode> MessageAsync(string folder, string name) =>
        JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder, $"{name}.message.json"), TestContext.Current.CancellationToken))!;

    private Task PublishAsync(string queue, JsonNode message) => cloud.Broker.PostAsync(
        $"exchanges/{cloud.Host}/amq.default/publish",
        new { properties = new { content_type = "application/vnd.masstransit+json" }, routing_key = queue, payload = message.ToJsonString(), payload_encoding = "string" });
}
