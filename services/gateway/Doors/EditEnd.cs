using FlexEdit.Contracts.Edits;
using FlexEdit.Contracts.Errors;
using FlexEdit.Contracts.Ledger;
using FlexEdit.Platform.Problems;

namespace FlexEdit.Gateway.Doors;

/// <summary>Why a request that is answered with pictures gets none.</summary>
internal static class EditEnd
{
    /// <summary>The edit was not done in time.</summary>
    public static Problem TooLate { get; } =
        new() { Status = StatusCodes.Status504GatewayTimeout, Code = ErrorCodes.DeadlineExceeded, Detail = "The edit took too long, and was canceled." };

    /// <summary>The server stops, or the edit was removed while somebody watched it.</summary>
    public static Problem CutOff { get; } =
        new() { Status = StatusCodes.Status503ServiceUnavailable, Code = ErrorCodes.Unavailable, Detail = "The server ended the stream before the edit was done." };

    /// <summary>Null for an edit that has succeeded.</summary>
    public static Problem? WhyNot(EditJournal ended) => ended.Status switch
    {
        EditStatus.Succeeded => null,
        // What is wrong is what was sent or asked for, not the service.
        EditStatus.Failed when ended.Error is { Code: ErrorCodes.InputRejected or ErrorCodes.OutputRejected } rejected =>
            Problem.Unprocessable(rejected.Code, rejected.Detail, null),
        EditStatus.Canceled => new Problem { Status = StatusCodes.Status409Conflict, Code = ErrorCodes.Conflict, Detail = "The edit was canceled." },
        EditStatus.Expired => new Problem
        {
            Status = StatusCodes.Status504GatewayTimeout,
            Code = ErrorCodes.DeadlineExceeded,
            Detail = ended.Error?.Detail ?? "No worker began the edit before its deadline.",
        },
        _ => new Problem
        {
            Status = ended.Error is { Retryable: true } ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status500InternalServerError,
            Code = ended.Error?.Code ?? ErrorCodes.ModelError,
            Detail = ended.Error?.Detail ?? "The edit failed.",
        },
    };
}
