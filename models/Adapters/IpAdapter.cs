using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Unet;
using static TorchSharp.torch;

namespace FlexEdit.Models.Adapters;

/// <summary>
/// Reads published IP-Adapter files (base variant) in the flat safetensors layout: <c>image_proj.*</c> and <c>ip_adapter.K.to_{k,v}_ip.weight</c>,
/// where K counts all attentions of a diffusers UNet as registered (down, up, middle); self-attentions have the even numbers and no weights.
/// </summary>
public static class IpAdapter
{
    /// <summary>Gives the UNet the file's subject branch, enabling it if necessary, and makes the projection that feeds it.</summary>
    /// <param name="unet">The network; its decoupled attention is off, or on with weights of its own.</param>
    /// <param name="file">The adapter.</param>
    /// <param name="prefix">What stands before <c>image_proj.</c> and <c>ip_adapter.</c>; null or empty for nothing.</param>
    /// <returns>The projection; the caller disposes of it.</returns>
    /// <exception cref="CheckpointException">The file is of another variant or does not fit the network; all misfits are listed.</exception>
    public static ImageProjection Load(UNet2DConditionModel unet, SafetensorsFile file, string? prefix = null)
    {
        var projectionPrefix = prefix + "image_proj.";
        if (!file.Tensors.TryGetValue(projectionPrefix + "proj.weight", out var weight) || !file.Tensors.TryGetValue(projectionPrefix + "norm.weight", out var norm)
            || weight.Shape.Count != 2 || norm.Shape is not [> 0] || weight.Shape[0] % norm.Shape[0] != 0)
            throw new CheckpointException($"'{file.Path}' is not an IP-Adapter of the base variant: that one has {projectionPrefix}proj.weight [tokens·width, embedding] and {projectionPrefix}norm.weight [width].");

        var width = norm.Shape[0];
        if (unet.CrossAttentions[0].SubjectWidth is null)
            unet.EnableDecoupledAttention(checked((int)width), sharedWeights: false);
        StateDict.Load(Weights(unet), file, prefix + "ip_adapter.");
        var projection = new ImageProjection(weight.Shape[1], weight.Shape[0] / width, width, unet.CrossAttentions[0].Device);
        StateDict.Load(projection, file, projectionPrefix);
        return projection;
    }

    private static Dictionary<string, Tensor> Weights(UNet2DConditionModel unet)
    {
        var weights = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var (index, attention) in unet.CrossAttentionsAsRegistered.Index())
        {
            var own = attention.Decoupled ?? throw new CheckpointException("An IP-Adapter has its own key and value weights, but the network's subject branch shares the first branch's.");
            weights.Add($"{2 * index + 1}.to_k_ip.weight", own.Keys.weight!);
            weights.Add($"{2 * index + 1}.to_v_ip.weight", own.Values.weight!);
        }
        return weights;
    }
}
