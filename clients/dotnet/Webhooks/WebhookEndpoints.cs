using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace FlexEdit.Client.Webhooks;

/// <summary>Verified webhooks for minimal APIs: <c>app.MapPost("/hook", handler).VerifyWebhooks(verifier)</c>.</summary>
public static class WebhookEndpoints
{
    /// <summary>Largest body that is read, bytes.</summary>
    public const int MostBytes = 1 << 20;

    /// <summary>
    /// Lets only genuine messages reach the handler; others are answered with 401, too large ones with 413. The body is read whole and can be read again by the handler,
    /// which must take it from <see cref="HttpRequest.Body"/>: parameters are bound before filters run.
    /// </summary>
    public static TBuilder VerifyWebhooks<TBuilder>(this TBuilder endpoint, WebhookVerifier verifier)
        where TBuilder : IEndpointConventionBuilder => endpoint.AddEndpointFilter<TBuilder>(async (context, next) =>
    {
        var request = context.HttpContext.Request;
        if (await ReadAsync(request, context.HttpContext.RequestAborted) is not { } body)
            return TypedResults.Problem("The message is too large.", statusCode: StatusCodes.Status413PayloadTooLarge);
        var verdict = verifier.Verify(
            request.Headers[WebhookVerifier.IdHeader], request.Headers[WebhookVerifier.TimestampHeader], request.Headers[WebhookVerifier.SignatureHeader], body);
        if (verdict != WebhookVerdict.Good)
            return TypedResults.Problem($"The message was not accepted: {verdict}.", statusCode: StatusCodes.Status401Unauthorized);
        request.Body = new MemoryStream(body, writable: false);
        return await next(context);
    });

    private static async Task<byte[]?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > MostBytes)
            return null;
        using var body = new MemoryStream();
        var part = new byte[16384];
        while (await request.Body.ReadAsync(part, cancellationToken) is var count and > 0)
        {
            if (body.Length + count > MostBytes)
                return null;
            body.Write(part, 0, count);
        }
        return body.ToArray();
    }
}
