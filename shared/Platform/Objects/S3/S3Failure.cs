using System.Net;
using System.Net.Sockets;
using System.Xml;
using System.Xml.Linq;
using Minio.Exceptions;

namespace FlexEdit.Platform.Objects.S3;

/// <summary>One call of the S3 server went wrong. The message is a sentence for the operator.</summary>
internal sealed class S3Failure(string message, bool passing, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether the same call may go well a moment later.</summary>
    public bool IsPassing { get; } = passing;

    /// <summary>There is no such bucket.</summary>
    public bool NoBucket { get; private init; }

    /// <summary>What an answer that is no success means; error bodies are XML with <c>Code</c> (S3 REST API, "Error responses").</summary>
    public static async Task<S3Failure> OfAsync(HttpResponseMessage answer, S3Options options, CancellationToken cancellationToken) =>
        Of(answer.StatusCode, await CodeOfAsync(answer, cancellationToken), options);

    /// <summary>What an exception of a call means; null for one that is no business of the store.</summary>
    public static S3Failure? Of(Exception problem, S3Options options) => problem switch
    {
        S3Failure failure => failure,
        BucketNotFoundException => Of(HttpStatusCode.NotFound, "NoSuchBucket", options),
        AuthorizationException or AccessDeniedException => Of(HttpStatusCode.Forbidden, "AccessDenied", options),
        ErrorResponseException { Response.Code: { } code } error => Of((HttpStatusCode)(error.ServerResponse?.StatusCode ?? HttpStatusCode.InternalServerError), code, options),
        // A connection that is reset while it is made comes as a bare SocketException out of HttpClient.
        HttpRequestException or IOException or SocketException => new S3Failure($"The object store at {options.Endpoint} cannot be reached or broke off: {problem.Message}", passing: true, problem),
        MinioException or XmlException => new S3Failure($"The object store at {options.Endpoint} gave an answer that makes no sense: {problem.Message}", passing: true, problem),
        _ => null,
    };

    private static S3Failure Of(HttpStatusCode status, string code, S3Options options) => (status, code) switch
    {
        (_, "InvalidAccessKeyId" or "SignatureDoesNotMatch" or "AccessDenied") => new S3Failure(
            $"The object store at {options.Endpoint} refuses the credentials ({code}); set FLEXEDIT__Objects__S3__AccessKey and FLEXEDIT__Objects__S3__SecretKey to a pair that may read and write bucket '{options.Bucket}'.",
            // Keys in files may have been replaced a moment ago, one of the two before the other.
            passing: options.KeysMayChange && code != "AccessDenied"),
        (_, "RequestTimeTooSkewed") => new S3Failure(
            $"The object store at {options.Endpoint} refuses requests because its clock and this machine's differ; set both by NTP.", passing: false),
        (HttpStatusCode.NotFound, "NoSuchBucket") => new S3Failure(
            $"The object store at {options.Endpoint} has no bucket '{options.Bucket}'.", passing: true)
        { NoBucket = true },
        (HttpStatusCode.InsufficientStorage, _) or (_, "QuotaExceeded" or "XMinioStorageFull" or "InsufficientStorage") => new S3Failure(
            $"The object store at {options.Endpoint} is full ({code}).", passing: false),
        ( >= HttpStatusCode.InternalServerError or HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout, _)
            or (_, "SlowDown" or "RequestTimeout" or "BadDigest" or "IncompleteBody" or "ConditionalRequestConflict" or "OperationAborted" or "NoSuchUpload") =>
            new S3Failure($"The object store at {options.Endpoint} answers {(int)status} {code}.", passing: true),
        _ => new S3Failure($"The object store at {options.Endpoint} answers {(int)status} {code}.", passing: false),
    };

    private static async Task<string> CodeOfAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        const int Most = 64 * 1024;
        try
        {
            await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
            var bytes = new byte[Most];
            var length = await body.ReadAtLeastAsync(bytes, Most, throwOnEndOfStream: false, cancellationToken);
            using var text = new MemoryStream(bytes, 0, length);
            return XDocument.Load(text).Root?.Elements().FirstOrDefault(e => e.Name.LocalName == "Code")?.Value ?? answer.ReasonPhrase ?? "";
        }
        catch (Exception problem) when (problem is XmlException or IOException or HttpRequestException)
        {
            return answer.ReasonPhrase ?? "";
        }
    }
}
