using FlexEdit.Platform.Hosting;

namespace FlexEdit.Platform.Models;

/// <summary>Section <c>Models</c>: where models are and which one an edit gets that names none.</summary>
public sealed class ModelOptions : ISettings
{
    /// <summary>Name of the section under <c>FlexEdit</c>.</summary>
    public const string Section = "Models";

    /// <summary>Folder that holds a folder for each model. Default: the first <c>models/weights</c> at or above the program's own folder.</summary>
    public string? Folder { get; set; }

    /// <summary>Id of the model for edits that name none; workers load it at their start.</summary>
    public string Default { get; set; } = "flexedit-tiny";

    /// <summary>Where models compute: <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>; null leaves it to each model's card, and that to the processor.</summary>
    public string? Device { get; set; }

    /// <summary>Type of the large networks: <c>float32</c>, <c>bfloat16</c> or <c>float16</c>; null leaves it to each model's card.</summary>
    public string? Dtype { get; set; }

    /// <summary>
    /// SHA-256 (hex) that a model's <c>card.json</c> must have, by the model's id: the card names the digests of all other files, so that a folder that
    /// somebody else filled is either the one that is meant or refused. <c>FLEXEDIT__Models__CardDigests__flexedit-tiny=…</c>
    /// </summary>
    public Dictionary<string, string> CardDigests { get; } = [];

    /// <inheritdoc/>
    public IEnumerable<string> Faults()
    {
        foreach (var (id, digest) in CardDigests.Where(d => d.Value.Length != 64 || !d.Value.All(char.IsAsciiHexDigit)))
            yield return $"FLEXEDIT__Models__CardDigests__{id} is '{digest}'; set it to the 64 hexadecimal digits of the card's SHA-256.";
        if (Folder is not null && !Directory.Exists(Folder))
            yield return $"FLEXEDIT__Models__Folder is '{Folder}', which is no folder; set it to the one that holds the models' folders.";
        if (!ModelCatalog.IsWellFormed(Default))
            yield return $"FLEXEDIT__Models__Default is '{Default}', which is no model id; set it to the name of a model's folder, for instance flexedit-tiny.";
    }
}
