namespace FlexEdit.Models.Clip;

/// <summary>What older CLIP checkpoints hold besides weights.</summary>
public static class ClipNames
{
    /// <summary>The network's name for a checkpoint's tensor: null for the position numbers that older files store.</summary>
    public static string? InNetwork(string nameInCheckpoint) =>
        nameInCheckpoint.EndsWith("embeddings.position_ids", StringComparison.Ordinal) ? null : nameInCheckpoint;
}
