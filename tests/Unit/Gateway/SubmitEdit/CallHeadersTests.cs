using FlexEdit.Gateway.Edits.SubmitEdit;
using FlexEdit.Platform.Problems;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Gateway.SubmitEdit;

public class CallHeadersTests
{
    [Theory]
    [InlineData(null, null, null)]
    [InlineData("respond-async", null, "respond-async")]
    [InlineData("wait=5", 5, "wait=5")]
    [InlineData("Wait = \"5\"", 5, "wait=5")]
    [InlineData("wait", 60, "wait=60")]
    [InlineData("wait=999", 60, "wait=60")]
    [InlineData("wait=0", 0, "wait=0")]
    [InlineData("respond-async, wait=7", 7, "wait=7")]
    [InlineData("handling=lenient; x=y, wait=7", 7, "wait=7")]
    [InlineData("wait=-1", null, null)]
    [InlineData("wait=soon", null, null)]
    public void Reads_what_is_preferred_and_confirms_it(string? prefer, int? seconds, string? applied)
    {
        var headers = Read(("Prefer", prefer));
        ((int?)headers.Wait?.TotalSeconds).ShouldBe(seconds);
        headers.Applied(finished: true).ShouldBe(applied);
    }

    [Fact]
    public void Says_that_the_answer_came_early_where_the_wait_was_too_short()
    {
        Read(("Prefer", "wait=5")).Applied(finished: false).ShouldBe("respond-async");
        Read(("Prefer", null)).Applied(finished: false).ShouldBeNull();
    }

    [Theory]
    [InlineData("90s", 90)]
    [InlineData("90", 90)]
    [InlineData("2m", 120)]
    [InlineData("1h30m5s", 5405)]
    [InlineData("24h", 86400)]
    public void Reads_a_deadline(string value, int seconds) =>
        Read(("Cancel-After", value)).CancelAfter.ShouldBe(TimeSpan.FromSeconds(seconds));

    [Theory]
    [InlineData("")]
    [InlineData("0s")]
    [InlineData("-5s")]
    [InlineData("1.5s")]
    [InlineData("soon")]
    [InlineData("90s, 20s")]
    [InlineData("25h")]
    [InlineData("99999999999s")]
    public void Refuses_a_deadline_that_is_none(string value)
    {
        var problem = Should.Throw<ProblemException>(() => Read(("Cancel-After", value))).Problem;
        (problem.Status, problem.Code, problem.Param).ShouldBe((400, "malformed", "Cancel-After"));
    }

    [Fact]
    public void Reads_a_key()
    {
        Read(("Idempotency-Key", null)).IdempotencyKey.ShouldBeNull();
        Read(("Idempotency-Key", "order 7")).IdempotencyKey.ShouldBe("order 7");
        Read(("Idempotency-Key", new string('k', 255))).IdempotencyKey!.Length.ShouldBe(255);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ü")]
    [InlineData("a\tb")]
    public void Refuses_what_is_no_key(string value) => RefusesKey(value);

    [Fact]
    public void Refuses_a_key_that_is_too_long() => RefusesKey(new string('k', 256));

    private static void RefusesKey(string value)
    {
        var problem = Should.Throw<ProblemException>(() => Read(("Idempotency-Key", value))).Problem;
        (problem.Status, problem.Param).ShouldBe((400, "Idempotency-Key"));
    }

    private static CallHeaders Read((string Name, string? Value) header)
    {
        var headers = new HeaderDictionary();
        if (header.Value is not null)
            headers[header.Name] = header.Value;
        return CallHeaders.Read(headers, TimeSpan.FromSeconds(60));
    }
}
