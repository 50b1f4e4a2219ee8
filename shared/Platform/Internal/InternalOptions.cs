using FlexEdit.Platform.Hosting;

namespace FlexEdit.Platform.Internal;

/// <summary>Section <c>Internal</c>: how the processes of one installation trust and find each other.</summary>
public sealed class InternalOptions : ISettings
{
    /// <summary>Name of the section under <c>FlexEdit</c>.</summary>
    public const string Section = "Internal";

    /// <summary>Shared secret of at least 32 characters. Unset: the internal routes do not exist (all services in one process).</summary>
    public string? Token { get; set; }

    /// <summary>Where processes other than storage reach storage: an absolute http(s) URL.</summary>
    public Uri? StorageUrl { get; set; }

    /// <inheritdoc/>
    public IEnumerable<string> Faults()
    {
        if (Token is { Length: < 32 })
            yield return "FLEXEDIT__Internal__Token is shorter than 32 characters; set it to a longer random text, the same in every process.";
        if (StorageUrl is not null && !(StorageUrl.IsAbsoluteUri && StorageUrl.Scheme is "http" or "https"))
            yield return $"FLEXEDIT__Internal__StorageUrl is '{StorageUrl}'; set it to an absolute http or https URL.";
    }
}
