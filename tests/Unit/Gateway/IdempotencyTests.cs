using System.Net;
using FlexEdit.Tests.Unit.Gateway.Running;
using Shouldly;
using Xunit;
using static FlexEdit.Tests.Unit.Gateway.Running.Answers;

namespace FlexEdit.Tests.Unit.Gateway;

public class IdempotencyTests(GatewayServer server) : IClassFixture<GatewayServer>
{
    private const string Header = "Idempotency-Key";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Answers_the_same_request_with_the_same_edit()
    {
        var first = await AcceptedAsync("again");
        var second = await AcceptedAsync("again");

        (first.Replayed, second.Replayed).ShouldBe((false, true));
        second.Id.ShouldBe(first.Id);
        (await AcceptedAsync("another")).Id.ShouldNotBe(first.Id);
    }

    [Theory]
    [InlineData("instruction", "remove the table")]
    [InlineData("seed", "8")]
    [InlineData("scene", null)]
    public async Task Refuses_the_key_of_another_request(string field, string? value)
    {
        var key = $"reused {field}";
        await AcceptedAsync(key);

        using var form = GoodForm((field, value ?? (object)Pictures.SceneJpeg(Pictures.Width, Pictures.Height)));
        using var answer = await server.Client.PostEditAsync(form, (Header, key));

        await answer.ShouldBeProblemAsync(422, "idempotency_key_reused", Header);
    }

    [Fact]
    public async Task Refuses_the_key_with_another_deadline()
    {
        await AcceptedAsync("deadline");

        using var form = GoodForm();
        using var answer = await server.Client.PostEditAsync(form, (Header, "deadline"), ("Cancel-After", "90s"));

        await answer.ShouldBeProblemAsync(422, "idempotency_key_reused", Header);
    }

    [Fact]
    public async Task Makes_one_edit_of_fifty_requests_at_once()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(async _ =>
        {
            using var form = GoodForm();
            using var answer = await server.Client.PostEditAsync(form, (Header, "fifty"));
            if (answer.StatusCode == HttpStatusCode.Conflict)
            {
                answer.Headers.RetryAfter.ShouldNotBeNull();
                await answer.ShouldBeProblemAsync(409, "idempotency_key_in_use", Header);
                return null;
            }
            answer.StatusCode.ShouldBe(202);
            return (string?)(await answer.BodyAsync())["id"];
        }));

        answers.OfType<string>().Distinct().ShouldHaveSingleItem().ShouldBe((await AcceptedAsync("fifty")).Id);
    }

    [Fact]
    public async Task Asks_to_come_back_while_the_first_request_is_still_coming_and_forgets_one_that_breaks_off()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var coming = new HalfBody();
        using var first = new HttpRequestMessage(HttpMethod.Post, "/v1/edits") { Content = coming };
        first.Headers.Add(Header, "slow");
        var sending = server.Client.SendAsync(first, stop.Token);
        await coming.HalfSent;

        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        await UntilAsync(HttpStatusCode.Conflict); // The server may not have read the first one's head yet.
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => sending);
        await UntilAsync(HttpStatusCode.Accepted);

        // One that cannot become an edit, so that it takes no key before its turn.
        async Task UntilAsync(HttpStatusCode status)
        {
            while (true)
            {
                using var form = status == HttpStatusCode.Conflict ? GoodForm(("instruction", null)) : GoodForm();
                using var answer = await server.Client.PostEditAsync(form, (Header, "slow"));
                if (answer.StatusCode == status)
                    return;
                await poll.WaitForNextTickAsync(Token);
            }
        }
    }

    private async Task<(string Id, bool Replayed)> AcceptedAsync(string key)
    {
        using var form = GoodForm();
        using var answer = await server.Client.PostEditAsync(form, (Header, key));
        answer.StatusCode.ShouldBe(202);
        return ((string)(await answer.BodyAsync())["id"]!, answer.Headers.TryGetValues("Idempotency-Replayed", out var replayed) && replayed.Single() == "true");
    }

    // Sends the beginning of a form and then nothing, until it is given up.
    private sealed class HalfBody : HttpContent
    {
        private readonly TaskCompletionSource _half = new();

        public HalfBody() => Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=x");

        public Task HalfSent => _half.Task;

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            await stream.WriteAsync("--x\r\nContent-Disposition: form-data; name=instruction\r\n\r\nremove"u8.ToArray(), cancellationToken);
            await stream.FlushAsync(cancellationToken);
            _half.SetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, Token);

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
