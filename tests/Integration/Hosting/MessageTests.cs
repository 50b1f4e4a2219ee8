using System.Text.Json;
using FlexEdit.Contracts.Messages;
using FlexEdit.Platform.Bus;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Integration.Hosting;

/// <summary>Messages that nobody should have sent, and those that come too often.</summary>
public sealed class MessageTests(Cloud cloud) : CloudTest(cloud)
{
    private static readonly string[] s_queues = [BusEndpoints.Understand(Cloud.Model), BusEndpoints.Generate(Cloud.Model), BusEndpoints.Submit];

    public static TheoryData<string, string> Odd => new()
    {
        { "application/vnd.masstransit+json", "{" },
        { "application/vnd.masstransit+json", "" },
        { "application/vnd.masstransit+json", "[1]" },
        { "text/plain", "hello" },
        { "application/vnd.masstransit+json", """{"messageId":null,"messageType":["urn:message:Somebody:Else"],"message":{}}""" },
        { "application/vnd.masstransit+json", Envelope<GenerateEdit>(new { editId = (string?)null, model = (string?)null }) },
        { "application/vnd.masstransit+json", Envelope<UnderstandEdit>(new { editId = 7, model = new[] { 1 } }) },
        { "application/vnd.masstransit+json", Envelope<SubmitEdit>(new { editId = "edt_x" }) },
    };

    [Theory]
    [MemberData(nameof(Odd))]
    public async Task A_message_that_makes_no_sense_is_put_aside_and_stops_nothing(string contentType, string body)
    {
        foreach (var queue in s_queues)
            await PublishAsync(queue, contentType, body);

        Cloud.StatusOf(await Cloud.EndedAsync(await Cloud.SubmittedAsync())).ShouldBe("succeeded");
        await UntilEmptyAsync();
    }

    [Fact]
    public async Task A_message_a_hundred_times_makes_one_result()
    {
        var id = await Cloud.SubmittedAsync(steps: 10);
        var command = Envelope<GenerateEdit>(new { editId = id, model = Cloud.Model });
        await Cloud.UntilAsync(id, job => job.GetProperty("stage").ValueKind == JsonValueKind.String && job.GetProperty("stage").GetString() == "generating");
        for (var i = 0; i < 100; i++)
            await PublishAsync(BusEndpoints.Generate(Cloud.Model), "application/vnd.masstransit+json", command);

        var job = await Cloud.EndedAsync(id);
        await UntilEmptyAsync();
        var after = await Cloud.JobAsync(id);

        Cloud.StatusOf(job).ShouldBe("succeeded");
        after.GetProperty("sequence").GetInt64().ShouldBe(job.GetProperty("sequence").GetInt64());
        after.GetProperty("attempts").EnumerateArray().Select(attempt => attempt.GetProperty("outcome").GetString()).ShouldBe(["ok", "ok"]);
    }

    private static string Envelope<T>(object message) => JsonSerializer.Serialize(new
    {
        messageId = Guid.CreateVersion7(),
        messageType = new[] { $"urn:message:{typeof(T).Namespace}:{typeof(T).Name}" },
        message,
    });

    private Task PublishAsync(string queue, string contentType, string body) => Cloud.Broker.PostAsync(
        $"exchanges/{Cloud.Host}/amq.default/publish",
        new { properties = new { content_type = contentType }, routing_key = queue, payload = body, payload_encoding = "string" });

    private async Task UntilEmptyAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        foreach (var queue in s_queues)
        {
            while (!(await Cloud.Broker.GetAsync($"queues/{Cloud.Host}/{queue}")).TryGetProperty("messages", out var messages) || messages.GetInt32() > 0)
                await poll.WaitForNextTickAsync(limit.Token);
        }
    }
}
