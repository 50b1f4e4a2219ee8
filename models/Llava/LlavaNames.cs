using FlexEdit.Models.Clip;

namespace FlexEdit.Models.Llava;

/// <summary>The three layouts in which LLaVA's weights are published.</summary>
public static class LlavaNames
{
    // The first that matches counts; longer beginnings stand before their own beginnings.
    private static readonly (string Published, string Ours)[] Beginnings =
    [
        ("model.vision_tower.vision_tower.", "vision_tower."),
        ("model.vision_tower.", "vision_tower."),
        ("model.multi_modal_projector.", "multi_modal_projector."),
        ("model.mm_projector.0.", "multi_modal_projector.linear_1."),
        ("model.mm_projector.2.", "multi_modal_projector.linear_2."),
        ("model.mm_projector.", "multi_modal_projector.linear_1."),
        ("model.language_model.", "language_model.model."),
        ("model.", "language_model.model."),
        ("lm_head.", "language_model.lm_head."),
    ];

    /// <summary>
    /// The network's name for a checkpoint's tensor, whether the file follows the original code, the converted layout of the llava-hf
    /// checkpoints (which is the network's own) or that of newer transformers. Null for what the network does not hold.
    /// </summary>
    public static string? InNetwork(string nameInCheckpoint)
    {
        if (ClipNames.InNetwork(nameInCheckpoint) is null || nameInCheckpoint.EndsWith("rotary_emb.inv_freq", StringComparison.Ordinal))
            return null;
        foreach (var (published, ours) in Beginnings)
            if (nameInCheckpoint.StartsWith(published, StringComparison.Ordinal))
                return ours + nameInCheckpoint[published.Length..];
        return nameInCheckpoint;
    }
}
