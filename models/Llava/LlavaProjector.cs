using FlexEdit.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlexEdit.Models.Llava;

/// <summary>Maps picture features into the language model's embedding space (<c>multi_modal_projector</c>; Liu et al. 2023).</summary>
internal sealed class LlavaProjector : nn.Module
{
    private readonly Linear linear_1;
    private readonly Linear? linear_2;
    private readonly Func<Tensor, Tensor> _activation;

    public LlavaProjector(LlavaConfig config, Device? device, ScalarType? dtype)
        : base(nameof(LlavaProjector))
    {
        _activation = Activation.Named(config.ProjectorHiddenAct);
        linear_1 = nn.Linear(config.VisionConfig.HiddenSize, config.TextConfig.HiddenSize, device: device, dtype: dtype);
        linear_2 = config.MmProjectorType switch
        {
            "mlp2x_gelu" => nn.Linear(config.TextConfig.HiddenSize, config.TextConfig.HiddenSize, device: device, dtype: dtype),
            "linear" => null,
            _ => throw new NotSupportedException($"mm_projector_type is '{config.MmProjectorType}'; it must be mlp2x_gelu or linear."),
        };
        RegisterComponents();
    }

    public Tensor Forward(Tensor features) =>
        linear_2 is null ? linear_1.call(features) : linear_2.call(_activation(linear_1.call(features)));
}
