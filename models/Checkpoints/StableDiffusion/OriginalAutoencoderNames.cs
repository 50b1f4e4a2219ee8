using System.Globalization;
using FlexEdit.Models.Autoencoders;

namespace FlexEdit.Models.Checkpoints.StableDiffusion;

/// <summary>
/// The names that the original code gives the autoencoder's tensors (<c>decoder.up.3.block.0.conv1.weight</c>) and the diffusers names of the same tensors.
/// The original counts the decoder's levels from the picture inwards, diffusers in the order in which they run.
/// </summary>
/// <param name="config">Sizes.</param>
public sealed class OriginalAutoencoderNames(AutoencoderKLConfig config)
{
    private static readonly (string Original, string Diffusers)[] Parts =
    [
        ("mid.block_1.", "mid_block.resnets.0."), ("mid.block_2.", "mid_block.resnets.1."), ("mid.attn_1.", "mid_block.attentions.0."), ("norm_out.", "conv_norm_out."),
    ];

    private static readonly (string Original, string Diffusers)[] InAttention =
    [
        ("norm.", "group_norm."), ("q.", "to_q."), ("k.", "to_k."), ("v.", "to_v."), ("proj_out.", "to_out.0."),
    ];

    /// <summary>The diffusers name of a tensor; a name that is no other there stays as it is.</summary>
    /// <param name="original">Its name in the file, without <c>first_stage_model.</c>.</param>
    public string ToDiffusers(string original)
    {
        var half = original.StartsWith("encoder.", StringComparison.Ordinal) ? "encoder." : original.StartsWith("decoder.", StringComparison.Ordinal) ? "decoder." : "";
        var rest = original[half.Length..];
        foreach (var (own, diffusers) in Parts)
            if (rest.StartsWith(own, StringComparison.Ordinal))
                return half + diffusers + (own == "mid.attn_1." ? Replace(rest[own.Length..], InAttention) : rest[own.Length..]);
        var words = rest.Split('.');
        if (words.Length < 4 || words[0] is not ("down" or "up") || !int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var level))
            return original;
        var block = words[0] == "down" ? $"down_blocks.{level}." : $"up_blocks.{config.BlockOutChannels.Count - 1 - level}.";
        return half + block + words[2] switch
        {
            "block" => $"resnets.{string.Join('.', words[3..])}".Replace(".nin_shortcut.", ".conv_shortcut.", StringComparison.Ordinal),
            "downsample" => $"downsamplers.0.{string.Join('.', words[3..])}",
            "upsample" => $"upsamplers.0.{string.Join('.', words[3..])}",
            _ => string.Join('.', words[2..]),
        };
    }

    private static string Replace(string name, (string Original, string Diffusers)[] table)
    {
        foreach (var (own, diffusers) in table)
            if (name.StartsWith(own, StringComparison.Ordinal))
                return diffusers + name[own.Length..];
        return name;
    }
}
