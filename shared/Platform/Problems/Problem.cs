using FlexEdit.Contracts.Errors;

namespace FlexEdit.Platform.Problems;

/// <summary>An error as a client of the public API sees it (RFC 9457).</summary>
public sealed record Problem
{
    /// <summary>HTTP status, 400 to 599.</summary>
    public required int Status { get; init; }
    /// <summary>A code of <see cref="ErrorCodes"/>.</summary>
    public required string Code { get; init; }
    /// <summary>One sentence for a person: what is wrong and what to do about it. No stack trace, no path.</summary>
    public required string Detail { get; init; }
    /// <summary>The field, option or header at fault; null where none is.</summary>
    public string? Param { get; init; }
    /// <summary>Sent as <c>Retry-After</c> (whole seconds, rounded up).</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether the same request may succeed later.</summary>
    public bool Retryable => Status is 408 or 429 or >= 500;

    /// <summary>400: the request cannot be read.</summary>
    public static Problem Malformed(string detail, string? param = null) =>
        new() { Status = 400, Code = ErrorCodes.Malformed, Detail = detail, Param = param };

    /// <summary>404: there is no such thing, or it belongs to another tenant.</summary>
    public static Problem NotFound(string detail) =>
        new() { Status = 404, Code = ErrorCodes.NotFound, Detail = detail };

    /// <summary>413: more bytes than allowed.</summary>
    public static Problem TooLarge(string detail, string? param = null) =>
        new() { Status = 413, Code = ErrorCodes.PayloadTooLarge, Detail = detail, Param = param };

    /// <summary>422: readable, but not acceptable.</summary>
    public static Problem Unprocessable(string code, string detail, string? param = null) =>
        new() { Status = 422, Code = code, Detail = detail, Param = param };

    /// <summary>503: try again.</summary>
    public static Problem Unavailable(string detail, TimeSpan retryAfter) =>
        new() { Status = 503, Code = ErrorCodes.Unavailable, Detail = detail, RetryAfter = retryAfter };
}
