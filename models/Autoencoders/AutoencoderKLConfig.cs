using FlexEdit.Models.Layers;

namespace FlexEdit.Models.Autoencoders;

/// <summary>The published configuration of diffusers' <c>AutoencoderKL</c> (names in snake case there).</summary>
public sealed record AutoencoderKLConfig
{
    /// <summary>Channels of a picture.</summary>
    public int InChannels { get; init; } = 3;

    /// <summary>Channels of a decoded picture.</summary>
    public int OutChannels { get; init; } = 3;

    /// <summary>Only <c>DownEncoderBlock2D</c>, one per level.</summary>
    public IReadOnlyList<string> DownBlockTypes { get; init; } = ["DownEncoderBlock2D"];

    /// <summary>Only <c>UpDecoderBlock2D</c>, one per level.</summary>
    public IReadOnlyList<string> UpBlockTypes { get; init; } = ["UpDecoderBlock2D"];

    /// <summary>Channels per level, from the picture's size downwards; each level but the last halves the sides.</summary>
    public IReadOnlyList<int> BlockOutChannels { get; init; } = [64];

    /// <summary>Residual blocks per level of the encoder; the decoder has one more.</summary>
    public int LayersPerBlock { get; init; } = 1;

    /// <summary>Only <c>silu</c>.</summary>
    public string ActFn { get; init; } = "silu";

    /// <summary>Channels of a latent.</summary>
    public int LatentChannels { get; init; } = 4;

    /// <summary>Side in pixels of the pictures that the network was trained on.</summary>
    public int SampleSize { get; init; } = 32;

    /// <summary>Groups of every group norm.</summary>
    public int NormNumGroups { get; init; } = 32;

    /// <summary>Factor that gives latents about unit variance (Rombach et al. 2022, appendix G).</summary>
    public double ScalingFactor { get; init; } = 0.18215;

    /// <summary>Subtracted from latents before they are scaled; null for none.</summary>
    public double? ShiftFactor { get; init; }

    /// <summary>Means per channel; only null is implemented.</summary>
    public IReadOnlyList<double>? LatentsMean { get; init; }

    /// <summary>Deviations per channel; only null is implemented.</summary>
    public IReadOnlyList<double>? LatentsStd { get; init; }

    /// <summary>Whether a 1x1 convolution follows the encoder.</summary>
    public bool UseQuantConv { get; init; } = true;

    /// <summary>Whether a 1x1 convolution precedes the decoder.</summary>
    public bool UsePostQuantConv { get; init; } = true;

    /// <summary>Whether self-attention stands in the middle of encoder and decoder.</summary>
    public bool MidBlockAddAttention { get; init; } = true;

    /// <summary>Reads a published <c>config.json</c>; keys it does not know are left alone.</summary>
    /// <exception cref="System.Text.Json.JsonException">Not such a configuration.</exception>
    /// <exception cref="NotSupportedException">Blocks or settings that are not implemented; all are listed.</exception>
    public static AutoencoderKLConfig FromJson(string json)
    {
        var config = PublishedConfig.Parse<AutoencoderKLConfig>(json);
        var wrong = config.DownBlockTypes.Where(t => t != "DownEncoderBlock2D").Concat(config.UpBlockTypes.Where(t => t != "UpDecoderBlock2D")).Distinct().ToList();
        if (config.ActFn is not ("silu" or "swish"))
            wrong.Add($"act_fn={config.ActFn}");
        if (config.LatentsMean is not null || config.LatentsStd is not null)
            wrong.Add("latents_mean and latents_std");
        if (config.BlockOutChannels.Count == 0 || config.BlockOutChannels.Count != config.DownBlockTypes.Count || config.BlockOutChannels.Count != config.UpBlockTypes.Count)
            wrong.Add("block_out_channels, down_block_types and up_block_types of different or no length");
        if (config.BlockOutChannels.Any(c => c < 1 || c % config.NormNumGroups != 0))
            wrong.Add($"block_out_channels that are no multiples of norm_num_groups={config.NormNumGroups}");
        return wrong.Count == 0 ? config : throw new NotSupportedException($"The autoencoder's configuration asks for what is not implemented: {string.Join("; ", wrong)}.");
    }
}
