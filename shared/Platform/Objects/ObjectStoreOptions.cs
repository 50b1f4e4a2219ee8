using FlexEdit.Platform.Hosting;

namespace FlexEdit.Platform.Objects;

/// <summary>Section <c>Objects</c>: where pictures and embeddings are kept.</summary>
public sealed class ObjectStoreOptions : ISettings
{
    /// <summary>Name of the section under <c>FlexEdit</c>.</summary>
    public const string Section = "Objects";

    /// <summary>The folder. Made when it is missing.</summary>
    public string? Folder { get; set; }

    /// <inheritdoc/>
    public IEnumerable<string> Faults()
    {
        if (string.IsNullOrWhiteSpace(Folder))
            yield return "Set FLEXEDIT__Objects__Folder to the folder that holds pictures, for instance data/objects.";
    }
}
