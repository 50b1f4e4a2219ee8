using FlexEdit.Platform.Hosting;
using FlexEdit.Platform.Objects.S3;

namespace FlexEdit.Platform.Objects;

/// <summary>Section <c>Objects</c>: where pictures and embeddings are kept.</summary>
public sealed class ObjectStoreOptions : ISettings
{
    /// <summary>Name of the section under <c>FlexEdit</c>.</summary>
    public const string Section = "Objects";

    /// <summary>A folder of this machine.</summary>
    public const string InFolder = "folder";

    /// <summary>A bucket of an S3 server.</summary>
    public const string InS3 = "s3";

    /// <summary><c>folder</c> (the default) or <c>s3</c>.</summary>
    public string Store { get; set; } = InFolder;

    /// <summary>The folder; for <c>folder</c>. Made when it is missing.</summary>
    public string? Folder { get; set; }

    /// <summary>The bucket; for <c>s3</c>.</summary>
    public S3Options S3 { get; set; } = new();

    /// <inheritdoc/>
    public IEnumerable<string> Faults() => Store switch
    {
        InS3 => S3.Faults(),
        InFolder when string.IsNullOrWhiteSpace(Folder) => ["Set FLEXEDIT__Objects__Folder to the folder that holds pictures, for instance data/objects."],
        InFolder => [],
        _ => [$"FLEXEDIT__Objects__Store is '{Store}'; set it to '{InFolder}' or '{InS3}'."],
    };
}
