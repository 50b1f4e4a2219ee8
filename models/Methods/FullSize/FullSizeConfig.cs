using FlexEdit.Models.Adapters;
using FlexEdit.Models.Clip;
using FlexEdit.Models.Layers;
using FlexEdit.Models.Llama;
using FlexEdit.Models.Llava;
using FlexEdit.Models.Methods.Reading;
using FlexEdit.Models.QFormer;

namespace FlexEdit.Models.Methods.FullSize;

/// <summary>Sizes of a FlexEdit model on LLaVA and Stable Diffusion (<c>flexedit.json</c> of its folder; without it those of <c>flexedit-sd15</c>). UNet and autoencoder have their published configurations.</summary>
public sealed record FullSizeConfig
{
    /// <summary>The reading half.</summary>
    public required LlavaReadingConfig Reading { get; init; }
    /// <summary>Scores of labels are divided by it (temperature scaling, Guo et al. 2017); fitted after training.</summary>
    public double LabelTemperature { get; init; } = 1;
    /// <summary>The adapter's image encoder, x1 and x2 of eq. 3.</summary>
    public required ClipVisionConfig ImageEncoder { get; init; }
    /// <summary>Which of its hidden states is read; see <see cref="ClipEncoder.LayersFor"/>.</summary>
    public int ImageEncoderLayer { get; init; } = -2;
    /// <summary>The Mask Enhance Adapter; a block for each cross-attention of the denoising network.</summary>
    public required MaskEnhancedAdapterConfig Adapter { get; init; }
    /// <summary>Scene and subject share the denoising network's key and value weights, as eq. 7 is written; false for the subject's own, as in IP-Adapter.</summary>
    public bool SharedWeights { get; init; }

    /// <summary><c>flexedit-sd15</c>: LLaVA-1.5-7B (32 image tokens in rows that its padded vocabulary leaves unused), a Q-Former of 6 layers, CLIP ViT-L/14, and Stable Diffusion 1.5's 16 cross-attentions.</summary>
    public static FullSizeConfig Published { get; } = new()
    {
        Reading = new LlavaReadingConfig
        {
            Llava = new LlavaConfig
            {
                VisionConfig = VisionL14(336),
                TextConfig = new LlamaConfig { VocabSize = 32064, RmsNormEps = 1e-5, MaxPositionEmbeddings = 4096 },
            },
            Qformer = new QFormerConfig { NumHiddenLayers = 6, EncoderHiddenSize = 4096 },
            FirstImageToken = 32002,
        },
        ImageEncoder = VisionL14(224),
        Adapter = new MaskEnhancedAdapterConfig { Layers = 16, EmbeddingDim = 768, VisionDim = 1024, SubjectDim = 768 },
    };

    /// <summary>Reads a configuration.</summary>
    /// <exception cref="NotSupportedException">The sizes do not fit together.</exception>
    /// <exception cref="ArgumentException">The adapter cannot be built.</exception>
    /// <exception cref="System.Text.Json.JsonException">It is no JSON object, or a value has another type.</exception>
    public static FullSizeConfig Parse(string json)
    {
        var config = PublishedConfig.Parse<FullSizeConfig>(json);
        var (reading, adapter) = (config.Reading, config.Adapter);
        reading.Validate();
        adapter.Validate();
        if (reading.Llava.ImageTokenIndex >= reading.FirstImageToken && reading.Llava.ImageTokenIndex < reading.FirstImageToken + reading.ImageTokens)
            throw new NotSupportedException($"image_token_index is {reading.Llava.ImageTokenIndex}, which is one of the {reading.ImageTokens} image tokens from {reading.FirstImageToken} on.");
        if (adapter.EmbeddingDim != reading.Qformer.HiddenSize || adapter.VisionDim != config.ImageEncoder.HiddenSize)
        {
            throw new NotSupportedException(
                $"The adapter reads an embedding of {adapter.EmbeddingDim} and patches of {adapter.VisionDim}; the Q-Former gives {reading.Qformer.HiddenSize}, the image encoder {config.ImageEncoder.HiddenSize}.");
        }
        if (!(config.LabelTemperature > 0))
            throw new NotSupportedException($"label_temperature is {config.LabelTemperature}; it must be above 0.");
        return config;
    }

    private static ClipVisionConfig VisionL14(int side) =>
        new() { HiddenSize = 1024, IntermediateSize = 4096, NumHiddenLayers = 24, NumAttentionHeads = 16, ImageSize = side, PatchSize = 14, ProjectionDim = 768 };
}
