using FlexEdit.Models.Autoencoders;
using FlexEdit.Models.Clip;
using FlexEdit.Models.Editing;
using FlexEdit.Models.Unet;

namespace FlexEdit.Training.Editor;

/// <summary>Sizes of flexedit-tiny's painting half: most weights at 8x8, where a convolution is cheap.</summary>
public static class TinyEditor
{
    /// <summary>Side R of the crop.</summary>
    public const int Side = 128;

    /// <summary>The sizes.</summary>
    public static EditorConfig Config { get; } = Create();

    private static EditorConfig Create()
    {
        var config = new EditorConfig
        {
            Resolution = Side,
            EmbeddingTokens = EditTeacher.Tokens,
            EmbeddingWidth = 256,
            MaskChannels = true,
            BoxCoordinates = true,
            CollageChannels = true,
            LookCollage = true,
            ResidualToScene = true,
            Autoencoder = new PatchAutoencoderConfig { LatentChannels = 32, DecoderWidth = 128, DecoderBlocks = 4, DecoderPixelWidth = 32, DecoderPixelBlocks = 2 },
            ImageEncoder = new ClipVisionConfig { HiddenSize = 192, IntermediateSize = 512, NumHiddenLayers = 4, NumAttentionHeads = 4, ImageSize = Side, PatchSize = 16, HiddenAct = "gelu" },
            Unet = new UNet2DConditionConfig(),
        };
        return config with
        {
            Unet = new UNet2DConditionConfig
            {
                InChannels = config.InputChannels,
                OutChannels = config.Autoencoder.LatentChannels,
                DownBlockTypes = ["DownBlock2D", "CrossAttnDownBlock2D"],
                UpBlockTypes = ["CrossAttnUpBlock2D", "CrossAttnUpBlock2D"],
                BlockOutChannels = [128, 256],
                LayersPerBlock = [1],
                CrossAttentionDim = [256],
                AttentionHeadDim = [4],
                UseLinearProjection = true,
            },
        };
    }
}
