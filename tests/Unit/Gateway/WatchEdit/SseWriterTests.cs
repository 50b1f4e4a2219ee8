using System.Text;
using FlexEdit.Gateway.Edits.WatchEdit;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Gateway.WatchEdit;

public class SseWriterTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Writes_events_comments_and_the_retry_delay_in_their_form()
    {
        using var stream = new MemoryStream();
        var sse = new SseWriter(stream, TimeProvider.System);
        await sse.WriteRetryAsync(TimeSpan.FromSeconds(2), Token);
        await sse.WriteEventAsync("status", "3", """{"a":1}""", Token);
        await sse.WriteHeartbeatAsync(Token);
        await sse.WriteEventAsync("done", "4.1", "x\ny\r\nz", Token);
        Encoding.UTF8.GetString(stream.ToArray()).ShouldBe(
            "retry: 2000\n\nevent: status\nid: 3\ndata: {\"a\":1}\n\n:\n\nevent: done\nid: 4.1\ndata: x\ndata: y\ndata: z\n\n");
    }

    [Theory]
    [InlineData(null, 0)]
    [InlineData("", 0)]
    [InlineData("7", 7)]
    [InlineData("7.3", 7)]
    [InlineData("7.", 7)]
    [InlineData(".3", 0)]
    [InlineData("-1", 0)]
    [InlineData("+1", 0)]
    [InlineData(" 1", 0)]
    [InlineData("99999999999999999999", 0)]
    [InlineData("seven", 0)]
    public void Reads_where_a_client_has_got_to(string? header, long sequence) => LastEventId.Sequence(header).ShouldBe(sequence);
}
