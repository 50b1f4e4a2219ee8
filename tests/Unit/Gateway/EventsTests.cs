using FlexEdit.Tests.Unit.Gateway.Running;
using Shouldly;
using Xunit;
using static FlexEdit.Tests.Unit.Gateway.Running.Answers;

namespace FlexEdit.Tests.Unit.Gateway;

public class EventsTests(GatewayServer server) : IClassFixture<GatewayServer>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Shows_an_edit_from_its_acceptance_to_its_end_and_resumes()
    {
        using var form = GoodForm();
        using var submitted = await server.Client.PostEditAsync(form);
        var job = await submitted.BodyAsync();
        var path = (string)job["urls"]!["events"]!;

        using var answer = await server.Client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, Token);
        answer.StatusCode.ShouldBe(200);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(Token));
        (await NextAsync(reader)).ShouldContain("id: 1");
        (await server.Client.PostAsync($"/v1/edits/{job["id"]}/cancel", null, Token)).StatusCode.ShouldBe(200);
        var canceled = await NextAsync(reader);
        canceled.ShouldContain("event: status");
        canceled.ShouldContain("id: 2");
        var done = await NextAsync(reader);
        done.ShouldContain("event: done");
        done.Single(line => line.StartsWith("data: ", StringComparison.Ordinal)).ShouldContain("\"status\":\"canceled\"");
        (await reader.ReadToEndAsync(Token)).ShouldBeEmpty();

        using var resumed = new HttpRequestMessage(HttpMethod.Get, path);
        resumed.Headers.Add("Last-Event-ID", "1");
        using var rest = await server.Client.SendAsync(resumed, Token);
        var text = await rest.Content.ReadAsStringAsync(Token);
        text.ShouldNotContain("id: 1\n");
        text.ShouldContain("event: status\nid: 2\n");
    }

    private static async Task<List<string>> NextAsync(StreamReader reader)
    {
        while (true)
        {
            var lines = new List<string>();
            while (await reader.ReadLineAsync(Token) is { Length: > 0 } line)
                lines.Add(line);
            if (lines.Any(line => line.StartsWith("event: ", StringComparison.Ordinal)))
                return lines;
        }
    }
}
