using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlexEdit.Models.Unet;

/// <summary>
/// The separate key and value weights of the subject branch of a decoupled cross-attention (FlexEdit eq. 7; IP-Adapter),
/// under the names of a diffusers attention processor: <c>to_k_ip.0</c>, <c>to_v_ip.0</c>.
/// </summary>
public sealed class DecoupledProjections : nn.Module
{
    private readonly ModuleList<Linear> to_k_ip;
    private readonly ModuleList<Linear> to_v_ip;

    /// <summary>Makes the projections from <paramref name="subjectWidth"/> to <paramref name="width"/>, without biases.</summary>
    public DecoupledProjections(int subjectWidth, long width, Device? device, ScalarType type) : base(nameof(DecoupledProjections))
    {
        to_k_ip = nn.ModuleList(nn.Linear(subjectWidth, width, hasBias: false, device: device, dtype: type));
        to_v_ip = nn.ModuleList(nn.Linear(subjectWidth, width, hasBias: false, device: device, dtype: type));
        RegisterComponents();
    }

    internal Linear Keys => to_k_ip[0];

    internal Linear Values => to_v_ip[0];
}
