using FlexEdit.Models.Unet;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlexEdit.Models.Adapters;

/// <summary>
/// FlexEdit's Mask Enhanced Adapter (paper, section 3.2). It runs recurrently beside the UNet: c_0 = e, and block l makes c_{l+1} from c_l
/// and the scene (eq. 3), which the UNet's l-th cross-attention takes as f1 for its keys and values (eqs. 6 and 7). The subject's
/// features become f2 through one linear layer. Nothing depends on the time step, so it runs once per edit.
/// </summary>
public sealed class MaskEnhancedAdapter : nn.Module
{
    private readonly ModuleList<AdapterBlock> blocks;
    private readonly Linear? subject_proj;

    /// <summary>Makes the adapter.</summary>
    /// <param name="config">Its sizes.</param>
    /// <param name="device">Where the weights live.</param>
    /// <exception cref="ArgumentException">The sizes cannot be built.</exception>
    public MaskEnhancedAdapter(MaskEnhancedAdapterConfig config, Device? device = null) : base(nameof(MaskEnhancedAdapter))
    {
        config.Validate();
        Config = config;
        blocks = nn.ModuleList(Enumerable.Range(0, config.SceneAttention ? config.Layers : 0).Select(_ => new AdapterBlock(config, device)).ToArray());
        if (!config.SubjectProjectionPerLayer)
            subject_proj = nn.Linear(config.VisionDim, config.SubjectDim, device: device);
        RegisterComponents();
    }

    /// <summary>Its sizes.</summary>
    public MaskEnhancedAdapterConfig Config { get; }

    /// <summary>Makes what every cross-attention of the UNet looks at.</summary>
    /// <param name="embedding">e, the edit embedding, [batch, tokens, D].</param>
    /// <param name="scene">x1, the image encoder's patch features of the scene, [batch, patches, V].</param>
    /// <param name="subject">x2, those of the subject, [batch, patches, V]; rows without one may hold anything finite and get λ = 0. Null when no row has one.</param>
    /// <returns>f1 and f2 of every layer; a shared f2 is the same tensor in each.</returns>
    public AdapterFeatures Forward(Tensor embedding, Tensor scene, Tensor? subject)
    {
        using var scope = NewDisposeScope();
        var f1 = new Tensor[Config.Layers];
        for (var i = 0; i < f1.Length; i++)
            f1[i] = Config.SceneAttention ? blocks[i].forward(i == 0 ? embedding : f1[i - 1], scene) : embedding.alias();
        Tensor[]? f2 = null;
        if (subject is not null)
        {
            var shared = subject_proj?.forward(subject);
            f2 = [.. Enumerable.Range(0, Config.Layers).Select(i => shared ?? blocks[i].SubjectProjection!.forward(subject))];
        }
        foreach (var tensor in f1.Concat(f2 ?? []).Distinct(ReferenceEqualityComparer.Instance).Cast<Tensor>())
            tensor.MoveToOuterDisposeScope();
        return new AdapterFeatures(f1, f2);
    }

    /// <summary>Keys and values of every cross-attention: eqs. 3, 6 and the part of 7 that no time step changes.</summary>
    /// <param name="unet">Projects them.</param>
    /// <param name="embedding">e, as in <see cref="Forward"/>, with the next two.</param>
    /// <param name="scene">x1.</param>
    /// <param name="subject">x2.</param>
    /// <param name="subjectScale">λ of every row, [batch]; of use only with a subject.</param>
    public CrossAttentionCache Prepare(UNet2DConditionModel unet, Tensor embedding, Tensor scene, Tensor? subject, Tensor? subjectScale)
    {
        using var scope = NewDisposeScope();
        var features = Forward(embedding, scene, subject);
        return unet.PrepareKeysValues(features.Scene, features.Subject, subject is null ? null : subjectScale).MoveToOuterDisposeScope();
    }
}
