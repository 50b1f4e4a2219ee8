using FlexEdit.Contracts.Ledger;
using FlexEdit.Platform.Problems;

namespace FlexEdit.Gateway.Edits.SubmitEdit;

/// <summary>Asks what an earlier request with the same <c>Idempotency-Key</c> came to.</summary>
internal static class FirstAnswer
{
    /// <summary>The edit that it made or approved; null where the request has no key, or a free one.</summary>
    /// <exception cref="ProblemException">422: the key is another request's; 410: what was made is removed.</exception>
    public static async Task<string?> FirstAnswerAsync(this IKeyedRequests keyed, string tenant, string? key, string? digest, CancellationToken cancellationToken)
    {
        if (key is null || digest is null)
            return null;
        var answer = await keyed.FindAsync(new KeyedRequest { Tenant = tenant, Key = key, Digest = digest }, cancellationToken);
        return answer?.Refused is { } refused ? throw refused.ToProblem() : answer?.EditId;
    }
}
