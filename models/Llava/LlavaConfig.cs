using FlexEdit.Models.Clip;
using FlexEdit.Models.Llama;

namespace FlexEdit.Models.Llava;

/// <summary>Sizes of a LLaVA model, under the names and with the defaults of the published <c>LlavaConfig</c>.</summary>
public sealed record LlavaConfig
{
    /// <summary>The image encoder.</summary>
    public required ClipVisionConfig VisionConfig { get; init; }
    /// <summary>The language model.</summary>
    public required LlamaConfig TextConfig { get; init; }
    /// <summary>Id that stands in the prompt where picture features go.</summary>
    public long ImageTokenIndex { get; init; } = 32000;
    /// <summary>Activation between the projector's two layers.</summary>
    public string ProjectorHiddenAct { get; init; } = "gelu";
    /// <summary>The projector's form under the original code's names: <c>mlp2x_gelu</c> (v1.5) or <c>linear</c> (v1.1).</summary>
    public string MmProjectorType { get; init; } = "mlp2x_gelu";
    /// <summary>Which hidden state of the image encoder is read; see <see cref="ClipEncoder.LayersFor"/>.</summary>
    public int VisionFeatureLayer { get; init; } = -2;
    /// <summary><c>default</c> leaves the class token out, <c>full</c> keeps it.</summary>
    public string VisionFeatureSelectStrategy { get; init; } = "default";

    /// <summary>How many tokens one picture takes.</summary>
    public int TokensPerImage() => VisionConfig.Patches() + (KeepsClassToken() ? 1 : 0);

    /// <summary>Whether the class token is among them.</summary>
    /// <exception cref="NotSupportedException">The strategy is neither <c>default</c> nor <c>full</c>.</exception>
    public bool KeepsClassToken() => VisionFeatureSelectStrategy switch
    {
        "default" => false,
        "full" => true,
        _ => throw new NotSupportedException($"vision_feature_select_strategy is '{VisionFeatureSelectStrategy}'; it must be default or full."),
    };
}
