using FlexEdit.Models.Clip;
using FlexEdit.Models.Layers;
using FlexEdit.Models.Llama;
using FlexEdit.Models.Llava;
using FlexEdit.Models.Methods.Reading;
using FlexEdit.Models.QFormer;
using FlexEdit.Models.SmartEdit;

namespace FlexEdit.Models.Methods.SmartEdit;

/// <summary>Sizes of a SmartEdit model (<c>smartedit.json</c> of its folder; the published files hold none).</summary>
public sealed record SmartEditConfig
{
    /// <summary>The reading half.</summary>
    public required LlavaReadingConfig Reading { get; init; }
    /// <summary>The interaction module.</summary>
    public InteractionConfig Interaction { get; init; } = new();

    /// <summary>SmartEdit-7B: LLaVA v1.1 on LLaMA-1 with 35 added tokens, CLIP ViT-L/14 at 224 pixels.</summary>
    public static SmartEditConfig Published { get; } = new()
    {
        Reading = new LlavaReadingConfig
        {
            Llava = new LlavaConfig
            {
                VisionConfig = new ClipVisionConfig { HiddenSize = 1024, IntermediateSize = 4096, NumHiddenLayers = 24, NumAttentionHeads = 16, PatchSize = 14, ProjectionDim = 768 },
                TextConfig = new LlamaConfig { VocabSize = 32035 },
                MmProjectorType = "linear",
                ImageTokenIndex = 32003,
            },
            Qformer = new QFormerConfig { NumHiddenLayers = 6, EncoderHiddenSize = 4096 },
            FirstImageToken = 32003,
        },
    };

    /// <summary>Reads a configuration.</summary>
    /// <exception cref="NotSupportedException">The sizes do not fit together.</exception>
    /// <exception cref="System.Text.Json.JsonException">It is no JSON object, or a value has another type.</exception>
    public static SmartEditConfig Parse(string json)
    {
        var config = PublishedConfig.Parse<SmartEditConfig>(json);
        config.Reading.Validate();
        config.Interaction.Validate();
        var (llava, interaction) = (config.Reading.Llava, config.Interaction);
        if (llava.ImageTokenIndex != config.Reading.FirstImageToken)
            throw new NotSupportedException($"image_token_index is {llava.ImageTokenIndex}; in SmartEdit the first image token ({config.Reading.FirstImageToken}) stands for the picture as well.");
        if (interaction.Width != llava.VisionConfig.HiddenSize || interaction.Grid * interaction.Grid != llava.VisionConfig.Patches() || interaction.ConditionWidth != config.Reading.Qformer.HiddenSize)
        {
            throw new NotSupportedException(
                $"The interaction module reads {interaction.Grid}² patches of {interaction.Width} and a condition of {interaction.ConditionWidth}; "
                + $"the image encoder gives {llava.VisionConfig.Patches()} patches of {llava.VisionConfig.HiddenSize}, the Q-Former a condition of {config.Reading.Qformer.HiddenSize}.");
        }
        return config;
    }
}
