using FlexEdit.Platform.Hosting;
using FlexEdit.Platform.Secrets;

namespace FlexEdit.Platform.Internal;

/// <summary>Section <c>Internal</c>: how the processes of one installation trust and find each other.</summary>
public sealed class InternalOptions : ISettings
{
    /// <summary>Name of the section under <c>FlexEdit</c>.</summary>
    public const string Section = "Internal";

    private const int Shortest = 32;
    private Secret? _tokens;

    /// <summary>Shared secret of at least 32 characters. Unset, with <see cref="TokenFile"/>: the internal routes do not exist (all services in one process).</summary>
    public string? Token { get; set; }

    /// <summary>A file with the token, read again while the process runs. Of several lines the first is sent and all are accepted.</summary>
    public string? TokenFile { get; set; }

    /// <summary>The tokens that are accepted now, the one that is sent first; none where neither is set.</summary>
    public IReadOnlyList<string> Tokens => (_tokens ??= new Secret(Token, TokenFile, TimeProvider.System)).Lines;

    /// <summary>Where processes other than storage reach storage: an absolute http(s) URL.</summary>
    public Uri? StorageUrl { get; set; }

    /// <inheritdoc/>
    public IEnumerable<string> Faults()
    {
        foreach (var fault in Secret.Faults("FLEXEDIT__Internal__Token", Token, TokenFile))
            yield return fault;
        if (TokenFile is { Length: > 0 } && Tokens.Any(token => token.Length < Shortest))
            yield return "FLEXEDIT__Internal__TokenFile has a line of less than 32 characters; put a longer random text there, the same for every process.";
        if (Token is { Length: < Shortest })
            yield return "FLEXEDIT__Internal__Token is shorter than 32 characters; set it to a longer random text, the same in every process.";
        if (StorageUrl is not null && !(StorageUrl.IsAbsoluteUri && StorageUrl.Scheme is "http" or "https"))
            yield return $"FLEXEDIT__Internal__StorageUrl is '{StorageUrl}'; set it to an absolute http or https URL.";
    }
}
