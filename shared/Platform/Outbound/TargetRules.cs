using System.Globalization;
using System.Net;

namespace FlexEdit.Platform.Outbound;

/// <summary>Which targets of strangers' choosing (webhooks, pictures by URL) this service talks to.</summary>
public sealed record TargetRules
{
    /// <summary>Public addresses over https on the usual ports.</summary>
    public static TargetRules Public { get; } = new();

    /// <summary>Everything, http included: for development, never the default.</summary>
    public static TargetRules AlsoPrivate { get; } = new() { AllowPrivate = true };

    /// <summary>Whether private addresses, any port and http are allowed.</summary>
    public bool AllowPrivate { get; init; }

    /// <summary>Networks that an operator allows although they are not public.</summary>
    public IReadOnlyList<IPNetwork> Networks { get; init; } = [];

    /// <summary>Ports of public targets.</summary>
    public IReadOnlyList<int> Ports { get; init; } = [443, 8443];

    /// <summary>Longest URL, characters.</summary>
    public int UrlLength { get; init; } = 2048;

    /// <summary>Why a URL is refused before anything is connected, as a sentence; null where it is not. What its name resolves to is checked on connecting.</summary>
    public string? WhyRefused(string url)
    {
        if (url.Length > UrlLength)
            return $"The URL has {url.Length} characters; at most {UrlLength} are taken.";
        if (!url.StartsWith("https://", StringComparison.OrdinalIgnoreCase) && !(AllowPrivate && url.StartsWith("http://", StringComparison.OrdinalIgnoreCase)))
            return "The URL has to begin with https://.";
        // Uri forgives what receivers disagree about: backslashes, tabs, line ends, spaces around.
        if (url.Any(c => c is '\\' or <= ' ' or '\u007f') || !Uri.TryCreate(url, UriKind.Absolute, out var target) || target.HostNameType == UriHostNameType.Unknown || target.Host.Length == 0)
            return "The URL is not an absolute one.";
        // An empty user ("https://@host") leaves no trace in the parsed URL.
        if (url.AsSpan(0, AuthorityEnd(url)).Contains('@'))
            return "The URL must not contain a user or a password.";
        if (!AllowPrivate && !Ports.Contains(target.Port))
            return $"Port {target.Port} is not allowed; use {string.Join(" or ", Ports.Select(p => p.ToString(CultureInfo.InvariantCulture)))}.";
        if (IPAddress.TryParse(target.IdnHost.Trim('[', ']'), out var literal) && WhyRefused(literal) is { } reason)
            return reason;
        return null;
    }

    /// <summary>Why an address is refused; null where it is not.</summary>
    public string? WhyRefused(IPAddress address) =>
        !AllowPrivate && TargetAddress.WhyNotPublic(address) is { } what && !Networks.Any(n => n.Contains(address))
            ? $"The target's address is not a public one ({what})."
            : null;

    private static int AuthorityEnd(string url)
    {
        var start = url.IndexOf("//", StringComparison.Ordinal) + 2;
        var end = url.IndexOfAny(['/', '?', '#'], start);
        return end < 0 ? url.Length : end;
    }
}
