using System.Collections.Concurrent;
using FlexEdit.Contracts.Errors;
using FlexEdit.Contracts.Keys;
using FlexEdit.Platform.Problems;

namespace FlexEdit.Gateway.Access;

/// <summary>
/// Finds out whose key a request carries. What storage said about a key is remembered for a second, so that a revoked key is refused
/// everywhere a second later.
/// </summary>
internal sealed class KeyAccess(IKeyRegister register, TimeProvider time)
{
    private const int MostRemembered = 10_000;
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);
    private readonly ConcurrentDictionary<string, (KeyHolder? Holder, long At)> _known = new();

    /// <summary>Who asks.</summary>
    /// <exception cref="ProblemException">401: no key, a mistyped one, one that is not or no longer good; 403: not for this; 503: storage does not answer.</exception>
    public async Task<KeyHolder> AuthenticateAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (KeyOf(request) is not { } key)
        {
            throw Refused(ErrorCodes.Unauthorized, SignedAddress.Is(request)
                ? "The address is good no more; read the prediction again for a new one, or send a key as 'Authorization: Bearer fx_…'."
                : "Send a key as 'Authorization: Bearer fx_…'.");
        }
        if (!ApiKey.IsWellFormed(key))
            throw Refused(ErrorCodes.KeyMalformed, "The key is mistyped or cut off: its check characters do not fit.");
        var holder = await FindAsync(ApiKey.HashOf(key), cancellationToken)
            ?? throw Refused(ErrorCodes.KeyUnknown, "The key was revoked, or never was one of this server.");
        var scope = RouteScopes.Of(request.Method, request.Path);
        return holder.May(scope)
            ? holder
            : throw new ProblemException(new Problem { Status = 403, Code = ErrorCodes.ScopeMissing, Detail = $"The key does not have the scope '{scope}'." });
    }

    private async Task<KeyHolder?> FindAsync(string hash, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(hash, out var known) && time.GetElapsedTime(known.At) < Remembered)
            return known.Holder;
        var asked = time.GetTimestamp();
        try
        {
            var holder = await register.FindAsync(hash, cancellationToken).WaitAsync(Longest, time, cancellationToken);
            if (_known.Count >= MostRemembered)
                _known.Clear();
            _known[hash] = (holder, asked);
            return holder;
        }
        catch (Exception problem) when (!cancellationToken.IsCancellationRequested && problem is not ProblemException)
        {
            throw new ProblemException(Problem.Unavailable("Keys cannot be checked right now; try again.", Longest));
        }
    }

    private static string? KeyOf(HttpRequest request)
    {
        const string Scheme = "Bearer ";
        if (request.Headers.Authorization is [{ } given] && given.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return given[Scheme.Length..].Trim();
        return request.Headers["X-Api-Key"] is [{ Length: > 0 } key] ? key : null;
    }

    private static ProblemException Refused(string code, string detail) => new(new Problem { Status = 401, Code = code, Detail = detail });
}
