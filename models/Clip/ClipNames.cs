namespace FlexEdit.Models.Clip;

/// <summary>What older CLIP checkpoints hold besides weights.</summary>
public static class ClipNames
{
    /// <summary>The network's name for a checkpoint's tensor: null for the position numbers that older files store.</summary>
    public static string? InNetwork(string nameInCheckpoint) =>
        nameInCheckpoint.EndsWith("embeddings.position_ids", StringComparison.Ordinal) ? null : nameInCheckpoint;

    /// <summary>The image encoder's name for a tensor of a file that may hold the rest of CLIP as well; null for the rest.</summary>
    public static string? OfVision(string name) => name.StartsWith("vision_model.", StringComparison.Ordinal) ? InNetwork(name) : null;
}
