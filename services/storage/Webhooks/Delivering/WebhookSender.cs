using System.Buffers;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using FlexEdit.Platform.Outbound;
using FlexEdit.Storage.Webhooks.Hosting;
using Microsoft.Extensions.Options;

namespace FlexEdit.Storage.Webhooks.Delivering;

/// <summary>
/// Sends one message once. Whatever the other side does, it ends within the deadline, reads a bounded part of the answer, follows nothing and
/// connects only to where the rules allow (<see cref="GuardedHttp"/>).
/// </summary>
internal sealed class WebhookSender : IDisposable
{
    private const int MostRead = 64 * 1024;
    private const int MostKept = 1024;
    private readonly WebhookOptions _options;
    private readonly TimeProvider _time;
    private readonly SigningKeys _keys;
    private readonly HttpClient _client;

    public WebhookSender(IOptions<WebhookOptions> options, SigningKeys keys, TimeProvider time, HostResolver? resolver = null)
    {
        (_options, _keys, _time) = (options.Value, keys, time);
        var handler = GuardedHttp.Create(_options.Rules, resolver);
        // What is left of an answer after the first 64 KiB is not read on, it is cut off.
        handler.MaxResponseDrainSize = 0;
        _client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("FlexEdit-Webhooks", "1"));
    }

    /// <summary>Sends it; failures of the other side are outcomes.</summary>
    /// <exception cref="OperationCanceledException">Only for <paramref name="stop"/>.</exception>
    public async Task<SendOutcome> SendAsync(Outgoing message, CancellationToken stop)
    {
        var started = _time.GetTimestamp();
        using var deadline = new CancellationTokenSource(_options.Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, stop);
        try
        {
            if (_options.Rules.WhyRefused(message.Url) is { } refused)
                throw new TargetRefusedException(refused);
            using var request = Request(message);
            using var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            var response = await ReadAsync(answer, either.Token);
            stop.ThrowIfCancellationRequested();
            return new SendOutcome
            {
                Status = (int)answer.StatusCode,
                Latency = _time.GetElapsedTime(started),
                Response = response,
                RetryAfter = RetryAfter(answer.Headers.RetryAfter),
            };
        }
        catch (Exception problem) when (!stop.IsCancellationRequested)
        {
            return new SendOutcome { Latency = _time.GetElapsedTime(started), Error = Sentence(problem, deadline.IsCancellationRequested) };
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private HttpRequestMessage Request(Outgoing message)
    {
        var body = Encoding.UTF8.GetBytes(message.Body);
        var timestamp = _time.GetUtcNow().ToUnixTimeSeconds();
        var request = new HttpRequestMessage(HttpMethod.Post, message.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("webhook-id", message.MessageId);
        request.Headers.Add("webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(
            "webhook-signature", string.Join(' ', [Signature.Of(message.MessageId, timestamp, body, message.Secrets), .. _keys.Sign(message.MessageId, timestamp, body)]));
        return request;
    }

    // The status is the answer; the body is only for the log, so what goes wrong with it changes nothing.
    private static async Task<string> ReadAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        using var kept = new MemoryStream(MostKept);
        var part = ArrayPool<byte>.Shared.Rent(8192);
        try
        {
            await using var stream = await answer.Content.ReadAsStreamAsync(cancellationToken);
            for (var read = 0; read < MostRead;)
            {
                var count = await stream.ReadAsync(part.AsMemory(0, Math.Min(part.Length, MostRead - read)), cancellationToken);
                if (count == 0)
                    break;
                kept.Write(part, 0, (int)Math.Min(count, MostKept - kept.Length));
                read += count;
            }
        }
        catch (Exception problem) when (problem is HttpRequestException or IOException or OperationCanceledException)
        {
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(part);
        }
        // A database's text has no NUL, and half a character at the end is none.
        return Encoding.UTF8.GetString(kept.GetBuffer(), 0, (int)kept.Length).Replace('\0', '\ufffd');
    }

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? header)
    {
        var wait = header?.Delta ?? (header?.Date is { } date ? date - _time.GetUtcNow() : null);
        return wait is null || wait <= TimeSpan.Zero ? null : wait < RetrySchedule.LongestRetryAfter ? wait : RetrySchedule.LongestRetryAfter;
    }

    private string Sentence(Exception problem, bool late)
    {
        // What is cut off by the deadline may break in any way.
        if (late)
            return string.Create(CultureInfo.InvariantCulture, $"No answer within {_options.Timeout.TotalSeconds:0.#} s.");
        for (var inner = problem; inner is not null; inner = inner.InnerException)
        {
            switch (inner)
            {
                case TargetRefusedException:
                    return inner.Message;
                case AuthenticationException:
                    return "No trusted TLS connection: the certificate or the protocol was not accepted.";
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData }:
                    return "The host's name could not be resolved.";
                case SocketException socket:
                    return $"The connection failed: {socket.SocketErrorCode}.";
            }
        }
        return problem is OperationCanceledException ? "The connection could not be made in time." : "The answer was no HTTP, or was cut off.";
    }
}
