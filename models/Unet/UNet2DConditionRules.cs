using System.Text.Json;

namespace FlexEdit.Models.Unet;

/// <summary>What a <see cref="UNet2DConditionConfig"/> must satisfy to be built.</summary>
internal static class UNet2DConditionRules
{
    /// <summary>Entries that choose a variant of the network, with the only value that is built, as JSON. A null or absent entry is at that value.</summary>
    private static readonly Dictionary<string, string> FixedEntries = new(StringComparer.Ordinal)
    {
        ["act_fn"] = "\"silu\"",
        ["addition_embed_type"] = "null",
        ["attention_type"] = "\"default\"",
        ["class_embed_type"] = "null",
        ["class_embeddings_concat"] = "false",
        ["cross_attention_norm"] = "null",
        ["downsample_padding"] = "1",
        ["dropout"] = "0",
        ["dual_cross_attention"] = "false",
        ["encoder_hid_dim"] = "null",
        ["encoder_hid_dim_type"] = "null",
        ["mid_block_only_cross_attention"] = "null",
        ["mid_block_scale_factor"] = "1",
        ["num_attention_heads"] = "null",
        ["num_class_embeds"] = "null",
        ["only_cross_attention"] = "false",
        ["resnet_out_scale_factor"] = "1",
        ["resnet_skip_time_act"] = "false",
        ["resnet_time_scale_shift"] = "\"default\"",
        ["reverse_transformer_layers_per_block"] = "null",
        ["time_cond_proj_dim"] = "null",
        ["time_embedding_act_fn"] = "null",
        ["time_embedding_dim"] = "null",
        ["time_embedding_type"] = "\"positional\"",
        ["timestep_post_act"] = "null",
    };

    /// <summary>Every problem, in words; empty for a sound configuration.</summary>
    public static List<string> Check(UNet2DConditionConfig config)
    {
        var problems = new List<string>();
        foreach (var (name, built) in FixedEntries)
            if (config.Others.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null && !Same(value, built))
                problems.Add($"{name} is {value.GetRawText()}, and only {built} is built");
        if (config.Levels == 0)
        {
            problems.Add("block_out_channels is empty");
            return problems;
        }
        CheckTypes(problems, "down_block_types", config.DownBlockTypes, config.Levels, "CrossAttnDownBlock2D", "DownBlock2D");
        CheckTypes(problems, "mid_block_type", [config.MidBlockType], 1, "UNetMidBlock2DCrossAttn");
        CheckTypes(problems, "up_block_types", config.UpBlockTypes, config.Levels, "CrossAttnUpBlock2D", "UpBlock2D");
        CheckCounts(problems, "block_out_channels", config.BlockOutChannels, config.Levels);
        CheckCounts(problems, "layers_per_block", config.LayersPerBlock, config.Levels);
        CheckCounts(problems, "cross_attention_dim", config.CrossAttentionDim, config.Levels);
        CheckCounts(problems, "attention_head_dim", config.AttentionHeadDim, config.Levels);
        CheckCounts(problems, "transformer_layers_per_block", config.TransformerLayersPerBlock, config.Levels);
        if (config.InChannels < 1 || config.OutChannels < 1)
            problems.Add("in_channels and out_channels must be at least 1");
        if (config.ConvInKernel % 2 != 1 || config.ConvOutKernel % 2 != 1)
            problems.Add("conv_in_kernel and conv_out_kernel must be odd");
        if (problems.Count > 0)
            return problems;
        for (var level = 0; level < config.Levels; level++)
        {
            var width = config.BlockOutChannels[level];
            if (config.NormNumGroups < 1 || width % config.NormNumGroups != 0)
                problems.Add($"block_out_channels has {width}, which norm_num_groups {config.NormNumGroups} does not divide");
            if (width % UNet2DConditionConfig.At(config.AttentionHeadDim, level) != 0)
                problems.Add($"block_out_channels has {width}, which its {UNet2DConditionConfig.At(config.AttentionHeadDim, level)} heads do not divide");
        }
        return problems;
    }

    private static bool Same(JsonElement value, string built) =>
        value.ValueKind == JsonValueKind.Number && double.TryParse(built, out var number) ? value.GetDouble() == number : value.GetRawText() == built;

    private static void CheckTypes(List<string> problems, string name, IReadOnlyList<string> types, int levels, params string[] known)
    {
        if (types.Count != levels)
            problems.Add($"{name} has {types.Count} entries for {levels} levels");
        foreach (var type in types.Except(known))
            problems.Add($"{name} has '{type}', and only {string.Join(" and ", known)} are built");
    }

    private static void CheckCounts(List<string> problems, string name, IReadOnlyList<int> values, int levels)
    {
        if (values.Count != 1 && values.Count != levels)
            problems.Add($"{name} has {values.Count} entries for {levels} levels");
        if (values.Any(v => v < 1))
            problems.Add($"{name} has an entry below 1");
    }
}
