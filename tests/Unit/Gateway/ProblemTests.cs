using System.Net.Sockets;
using System.Text.Json.Nodes;
using FlexEdit.Platform.Objects;
using FlexEdit.Platform.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Gateway;

public class ProblemTests
{
    public static TheoryData<string, Exception> Outages => new()
    {
        { "database", new InvalidOperationException("wrapped", new SqliteException("gone", 10)) },
        { "store", new ObjectStoreException("gone", new IOException()) },
        { "service", new HttpRequestException("gone") },
        { "socket", new SocketException(107) },
        { "time", new TaskCanceledException("late", new TimeoutException()) },
    };

    [Theory]
    [MemberData(nameof(Outages))]
    public async Task Asks_to_come_back_when_a_part_is_away(string part, Exception problem)
    {
        var (status, code, retry, text) = await AnswerAsync(problem);

        (status, code, retry).ShouldBe((503, "unavailable", "2"), part);
        text.ShouldNotContain("gone");
    }

    [Fact]
    public async Task Says_nothing_of_a_fault_of_its_own()
    {
        var (status, code, retry, text) = await AnswerAsync(new InvalidOperationException("secret"));

        (status, code, retry).ShouldBe((500, "internal_error", ""));
        text.ShouldNotContain("secret");
    }

    private static async Task<(int Status, string Code, string Retry, string Text)> AnswerAsync(Exception problem)
    {
        var context = new DefaultHttpContext();
        using var body = new MemoryStream();
        context.Response.Body = body;
        await new ProblemMiddleware(_ => throw problem, NullLogger<ProblemMiddleware>.Instance).InvokeAsync(context);
        var text = System.Text.Encoding.UTF8.GetString(body.ToArray());
        return (context.Response.StatusCode, (string)JsonNode.Parse(text)!["code"]!, context.Response.Headers.RetryAfter.ToString(), text);
    }
}
