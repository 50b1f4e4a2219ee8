using FlexEdit.Platform.Hosting;

namespace FlexEdit.Platform.Links;

/// <summary>Section <c>Links</c>: absolute addresses of this server that doors give out.</summary>
public sealed class LinksOptions : ISettings
{
    /// <summary>Name of the section under <c>FlexEdit</c>.</summary>
    public const string Section = "Links";

    /// <summary>
    /// Where clients reach the server, for instance <c>https://edit.example.org</c>; unset: as each request says, which behind a proxy that ends TLS is not what
    /// the client sees.
    /// </summary>
    public Uri? PublicUrl { get; set; }

    /// <summary>How long a signed address is good without a key, 1 min to 7 d.</summary>
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    public IEnumerable<string> Faults()
    {
        if (PublicUrl is not null && !(PublicUrl.IsAbsoluteUri && PublicUrl.Scheme is "http" or "https" && PublicUrl is { Query: "", Fragment: "", UserInfo: "" }))
            yield return $"FLEXEDIT__Links__PublicUrl is '{PublicUrl}'; set it to an absolute http or https URL such as https://edit.example.org.";
        if (Lifetime < TimeSpan.FromMinutes(1) || Lifetime > TimeSpan.FromDays(7))
            yield return $"FLEXEDIT__Links__Lifetime is {Lifetime}; set it between 00:01:00 and 7.00:00:00.";
    }
}
