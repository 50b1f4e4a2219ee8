namespace FlexEdit.Training.World;

/// <summary>What an edit does.</summary>
public enum EditOperation
{
    /// <summary>Put the subject of pic2 at the mask.</summary>
    AddSubject,
    /// <summary>Put a named object at the mask.</summary>
    AddNamed,
    /// <summary>Take the marked object away.</summary>
    Remove,
    /// <summary>Put the subject of pic2 in the marked object's place.</summary>
    ReplaceSubject,
    /// <summary>Put a named object in the marked object's place.</summary>
    ReplaceNamed,
    /// <summary>Give the marked object another colour and keep its shading.</summary>
    Recolour,
    /// <summary>Paint the whole marked object in one colour (paper, section 3.3).</summary>
    Paint,
}

/// <summary>One training example: the square crop as the service cuts it, at side R, and what the edit should give.</summary>
public sealed record EditSample
{
    /// <summary>What the edit does.</summary>
    public required EditOperation Operation { get; init; }
    /// <summary>Scene, R·R·3 bytes.</summary>
    public required byte[] Scene { get; init; }
    /// <summary>What the edit should give, R·R·3 bytes.</summary>
    public required byte[] Target { get; init; }
    /// <summary>Free-shape mask, R·R bytes.</summary>
    public required byte[] Mask { get; init; }
    /// <summary>The marked object's whole mask, R·R bytes of opacity; all zero where nothing stands there yet.</summary>
    public required byte[] FullMask { get; init; }
    /// <summary>Subject picture, R·R·3 bytes; null for a single-image edit.</summary>
    public byte[]? Subject { get; init; }
    /// <summary>Its object's opacity, R·R bytes.</summary>
    public byte[]? SubjectAlpha { get; init; }
    /// <summary>What the mask means: the object under it, or the one to be put there.</summary>
    public required string Label { get; init; }
    /// <summary>Name of the marked object in the vocabulary; null where there is none.</summary>
    public string? OldName { get; init; }
    /// <summary>Name of the new object in the vocabulary; null where there is none or it comes as a picture.</summary>
    public string? NewName { get; init; }
    /// <summary>Colour asked for; null where there is none.</summary>
    public string? Colour { get; init; }
    /// <summary>τ.</summary>
    public required string Instruction { get; init; }
}
