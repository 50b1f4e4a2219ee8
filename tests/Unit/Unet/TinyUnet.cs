using FlexEdit.Models.Unet;

namespace FlexEdit.Tests.Unit.Unet;

/// <summary>A real UNet of two levels, small enough for a unit test.</summary>
internal static class TinyUnet
{
    public const int ContextWidth = 6;

    public static UNet2DConditionConfig Config { get; } = new()
    {
        InChannels = 3,
        OutChannels = 2,
        BlockOutChannels = [8, 16],
        DownBlockTypes = ["CrossAttnDownBlock2D", "DownBlock2D"],
        UpBlockTypes = ["UpBlock2D", "CrossAttnUpBlock2D"],
        LayersPerBlock = [1],
        CrossAttentionDim = [ContextWidth],
        AttentionHeadDim = [2],
        NormNumGroups = 4,
    };
}
