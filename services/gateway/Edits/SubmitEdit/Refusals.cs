using FlexEdit.Contracts.Messages;
using FlexEdit.Platform.Problems;

namespace FlexEdit.Gateway.Edits.SubmitEdit;

/// <summary>What storage refuses, as a client is told.</summary>
internal static class Refusals
{
    /// <summary>When to come back where storage does not say.</summary>
    public static readonly TimeSpan ComeBack = TimeSpan.FromSeconds(2);

    /// <summary>The problem to throw.</summary>
    public static ProblemException ToProblem(this EditRefused refused) => new(new Problem
    {
        Status = refused.Status,
        Code = refused.Code,
        Detail = refused.Detail,
        Param = refused.Param,
        RetryAfter = refused.RetryAfter ?? (refused.Status is 429 or 503 ? ComeBack : null),
    });
}
