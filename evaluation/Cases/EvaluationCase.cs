using System.Text.Json;
using System.Text.Json.Serialization;

namespace FlexEdit.Evaluation.Cases;

/// <summary>One line of a benchmark folder's <c>cases.jsonl</c> (docs/evaluation.md). Files are named relative to the folder.</summary>
public sealed record EvaluationCase
{
    /// <summary>A single-image case: <see cref="Kind"/>.</summary>
    public const string Single = "single";

    /// <summary>A case with a subject picture: <see cref="Kind"/>.</summary>
    public const string Multiple = "multiple";

    /// <summary>Names and numbers as the file has them.</summary>
    public static JsonSerializerOptions Json { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>Unique in the folder, and fit for a file's name.</summary>
    public required string Id { get; init; }
    /// <summary><see cref="Single"/> or <see cref="Multiple"/>.</summary>
    public required string Kind { get; init; }
    /// <summary>What the edit does, such as <c>replace_subject</c>; null where nobody has said.</summary>
    public string? Operation { get; init; }
    /// <summary>x1: a picture file.</summary>
    public required string Scene { get; init; }
    /// <summary>x2: a picture file; exactly the multiple cases have one.</summary>
    public string? Subject { get; init; }
    /// <summary>τ.</summary>
    public required string Instruction { get; init; }
    /// <summary>m: the free-shape mask.</summary>
    public required CaseMask Mask { get; init; }
    /// <summary>The precise mask: the marked object, or where the new one is to be. Null: the region stands for it.</summary>
    public CaseMask? FullMask { get; init; }
    /// <summary>The true edited region: every pixel where the expected picture differs.</summary>
    public required CaseMask Region { get; init; }
    /// <summary>What the edit should give.</summary>
    public required CasePicture Expected { get; init; }
    /// <summary>What the region shows afterwards, in words, for CLIP-T; null leaves that metric out.</summary>
    public string? Label { get; init; }
    /// <summary>What the mask means: the name of the object under it; null where nothing is there, or no model can know its name.</summary>
    public string? Marked { get; init; }
    /// <summary>One of the eight kinds, such as <c>hollow_circle</c>.</summary>
    public string? MaskKind { get; init; }
    /// <summary><c>up</c>, <c>right</c>, <c>down</c> or <c>left</c>; null for circles.</summary>
    public string? Orientation { get; init; }
    /// <summary><c>indoor</c> or <c>outdoor</c>.</summary>
    public string? Setting { get; init; }
    /// <summary><c>simple</c> (the subject alone) or <c>complex</c> (before a background).</summary>
    public string? SubjectKind { get; init; }
    /// <summary>The seed that models get.</summary>
    public uint Seed { get; init; }
}

/// <summary>A mask, in one of three forms.</summary>
public sealed record CaseMask
{
    /// <summary>Marks as in the API's <c>mask_shapes</c>.</summary>
    public JsonElement? Shapes { get; init; }
    /// <summary>COCO run lengths of either kind, of the scene's size.</summary>
    public JsonElement? Rle { get; init; }
    /// <summary>A picture of the scene's size, as <see cref="Datasets.MaskFolder"/> reads it.</summary>
    public string? File { get; init; }
}

/// <summary>A picture, whole or as a patch.</summary>
public sealed record CasePicture
{
    /// <summary>A picture file.</summary>
    public required string File { get; init; }
    /// <summary>[x, y]: the file is only the part that begins here, and counts only inside of the region; everything else is the scene. Null: it is the whole picture.</summary>
    public IReadOnlyList<int>? At { get; init; }
}
