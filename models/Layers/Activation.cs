using TorchSharp;

namespace FlexEdit.Models.Layers;

/// <summary>The activation functions that published configurations name in <c>hidden_act</c>.</summary>
public static class Activation
{
    /// <summary>Finds an activation by its published name: <c>gelu</c> (exact), <c>gelu_new</c> and <c>gelu_pytorch_tanh</c> (tanh form), <c>quick_gelu</c> (x·σ(1.702x)), <c>silu</c> or <c>swish</c>, <c>relu</c>.</summary>
    /// <exception cref="NotSupportedException">The name is none of these.</exception>
    public static Func<torch.Tensor, torch.Tensor> Named(string name) => name switch
    {
        "gelu" => torch.nn.functional.gelu,
        "gelu_new" or "gelu_pytorch_tanh" => x => torch.nn.functional.gelu(x, TorchSharp.Modules.GELU.Approximate.tanh),
        "quick_gelu" => x => x * torch.sigmoid(x * 1.702),
        "silu" or "swish" => x => torch.nn.functional.silu(x),
        "relu" => x => torch.nn.functional.relu(x),
        _ => throw new NotSupportedException($"The activation '{name}' is not known; gelu, gelu_new, gelu_pytorch_tanh, quick_gelu, silu, swish and relu are."),
    };
}
