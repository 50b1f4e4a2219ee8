using System.Globalization;
using FlexEdit.Models.Unet;

namespace FlexEdit.Models.Checkpoints.StableDiffusion;

/// <summary>
/// The names that the original Stable Diffusion code gives the denoising network's tensors (<c>input_blocks.4.1.proj_in.weight</c>) and the diffusers names of the
/// same tensors. Which number means which block depends on the sizes, so the table is made from the configuration
/// (CompVis latent-diffusion, <c>openaimodel.py</c>; diffusers, <c>convert_ldm_unet_checkpoint</c>).
/// </summary>
public sealed class OriginalUnetNames
{
    private static readonly (string Original, string Diffusers)[] InResidualBlock =
    [
        ("in_layers.0.", "norm1."), ("in_layers.2.", "conv1."), ("emb_layers.1.", "time_emb_proj."),
        ("out_layers.0.", "norm2."), ("out_layers.3.", "conv2."), ("skip_connection.", "conv_shortcut."),
    ];

    private readonly Dictionary<string, string> _blocks = new(StringComparer.Ordinal);

    /// <summary>Makes the table of a network.</summary>
    public OriginalUnetNames(UNet2DConditionConfig config)
    {
        Add("time_embed.0.", "time_embedding.linear_1.");
        Add("time_embed.2.", "time_embedding.linear_2.");
        Add("input_blocks.0.0.", "conv_in.");
        Add("out.0.", "conv_norm_out.");
        Add("out.2.", "conv_out.");
        Add("middle_block.0.", "mid_block.resnets.0.");
        Add("middle_block.1.", "mid_block.attentions.0.");
        Add("middle_block.2.", "mid_block.resnets.1.");
        AddDown(config);
        AddUp(config);
    }

    /// <summary>The diffusers name of a tensor; the name itself, marked with a leading <c>?</c>, where the network has no such block.</summary>
    /// <param name="original">Its name in the file, without <c>model.diffusion_model.</c>.</param>
    public string ToDiffusers(string original)
    {
        // A block's name ends behind its second number; time_embed and out have one.
        var depth = original.StartsWith("input_blocks.", StringComparison.Ordinal) || original.StartsWith("output_blocks.", StringComparison.Ordinal) ? 3 : 2;
        var end = -1;
        for (var i = 0; i < depth; i++)
        {
            end = original.IndexOf('.', end + 1);
            if (end < 0)
                return "?" + original;
        }
        if (!_blocks.TryGetValue(original[..(end + 1)], out var block))
            return "?" + original;
        var rest = original[(end + 1)..];
        if (block.Contains(".resnets.", StringComparison.Ordinal))
            foreach (var (own, diffusers) in InResidualBlock)
                if (rest.StartsWith(own, StringComparison.Ordinal))
                    return block + diffusers + rest[own.Length..];
        // Down-sampling is called op there and conv in diffusers.
        if (block.Contains(".downsamplers.", StringComparison.Ordinal) && rest.StartsWith("op.", StringComparison.Ordinal))
            return block + "conv." + rest["op.".Length..];
        return block + rest;
    }

    private void AddDown(UNet2DConditionConfig config)
    {
        var number = 1;
        for (var level = 0; level < config.Levels; level++)
        {
            for (var layer = 0; layer < UNet2DConditionConfig.At(config.LayersPerBlock, level); layer++, number++)
            {
                Add($"input_blocks.{number}.0.", $"down_blocks.{level}.resnets.{layer}.");
                if (HasAttention(config.DownBlockTypes[level]))
                    Add($"input_blocks.{number}.1.", $"down_blocks.{level}.attentions.{layer}.");
            }
            if (level < config.Levels - 1)
                Add($"input_blocks.{number++}.0.", $"down_blocks.{level}.downsamplers.0.");
        }
    }

    private void AddUp(UNet2DConditionConfig config)
    {
        var number = 0;
        for (var level = 0; level < config.Levels; level++)
        {
            var layers = UNet2DConditionConfig.At(config.LayersPerBlock, config.Levels - 1 - level) + 1;
            var attention = HasAttention(config.UpBlockTypes[level]);
            for (var layer = 0; layer < layers; layer++, number++)
            {
                Add($"output_blocks.{number}.0.", $"up_blocks.{level}.resnets.{layer}.");
                if (attention)
                    Add($"output_blocks.{number}.1.", $"up_blocks.{level}.attentions.{layer}.");
                if (layer == layers - 1 && level < config.Levels - 1)
                    Add($"output_blocks.{number}.{(attention ? 2 : 1)}.", $"up_blocks.{level}.upsamplers.0.");
            }
        }
    }

    private static bool HasAttention(string blockType) => blockType.StartsWith("CrossAttn", StringComparison.Ordinal);

    private void Add(FormattableString original, FormattableString diffusers) =>
        _blocks.Add(original.ToString(CultureInfo.InvariantCulture), diffusers.ToString(CultureInfo.InvariantCulture));

    private void Add(string original, string diffusers) => _blocks.Add(original, diffusers);
}
