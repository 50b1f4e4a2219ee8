using FlexEdit.Contracts.Edits;
using FlexEdit.Contracts.Models;

namespace FlexEdit.Storage.Reads;

/// <summary>What it takes to run an edit again, and what came of it.</summary>
internal sealed record ManifestView
{
    /// <summary>Always <c>manifest</c>.</summary>
    public string Object { get; init; } = "manifest";
    /// <summary>The edit.</summary>
    public required string Edit { get; init; }
    /// <summary>Its status.</summary>
    public required string Status { get; init; }
    /// <summary>The model that painted.</summary>
    public required ManifestModelView Model { get; init; }
    /// <summary>What was to happen at the mask; the corrected one where the client corrected it.</summary>
    public required string Instruction { get; init; }
    /// <summary>The label that the client put in the place of the model's; null where it did not.</summary>
    public required string? Label { get; init; }
    /// <summary>All options, defaults filled in.</summary>
    public required EditOptions Options { get; init; }
    /// <summary>The pictures; the corrected mask where the client corrected it.</summary>
    public required ManifestInputsView Inputs { get; init; }
    /// <summary>The results; empty until the edit has succeeded.</summary>
    public required IReadOnlyList<ManifestOutputView> Outputs { get; init; }
    /// <summary>When the edit was accepted, UTC.</summary>
    public required DateTime CreatedAt { get; init; }
    /// <summary>When it ended, UTC; null before.</summary>
    public required DateTime? CompletedAt { get; init; }
}

/// <summary>The model that painted.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Digests">SHA-256 of each of its files, by name; null until the edit has succeeded.</param>
/// <param name="Sampler">How it sampled; null until the edit has succeeded.</param>
internal sealed record ManifestModelView(string Id, IReadOnlyDictionary<string, string>? Digests, SamplerCard? Sampler);

/// <summary>The pictures of an edit, by their digests.</summary>
/// <param name="Scene">x1.</param>
/// <param name="Mask">m; white marks.</param>
/// <param name="Subject">x2; null for a single-image edit.</param>
internal sealed record ManifestInputsView(ManifestInputView Scene, ManifestInputView Mask, ManifestInputView? Subject);

/// <summary>One picture.</summary>
/// <param name="Sha256">SHA-256 of the upload; of the upright PNG where the mask was drawn from shapes.</param>
/// <param name="UprightSha256">SHA-256 of the upright PNG that the model saw.</param>
/// <param name="Width">Width in pixels, upright.</param>
/// <param name="Height">Height in pixels, upright.</param>
internal sealed record ManifestInputView(string Sha256, string? UprightSha256, int Width, int Height);

/// <summary>One result.</summary>
/// <param name="Index">0 to n - 1.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="ContentType">Its media type.</param>
/// <param name="Sha256">SHA-256 of its bytes.</param>
/// <param name="PictureSha256">The same without the provenance in the file, which names the edit: a replay has the same.</param>
/// <param name="Region">[x, y, width, height]: the tightest box around every pixel that differs from the upright scene.</param>
internal sealed record ManifestOutputView(int Index, uint Seed, string ContentType, string Sha256, string PictureSha256, IReadOnlyList<int> Region);
