using FlexEdit.Models.Adapters;
using FlexEdit.Models.Autoencoders;
using FlexEdit.Models.Clip;
using FlexEdit.Models.Unet;
using static TorchSharp.torch;

namespace FlexEdit.Models.Editing;

/// <summary>
/// The painting half of FlexEdit: autoencoder, image encoder, Mask Enhance Adapter and denoising network (paper, figure 3).
/// Training and serving call the same two methods: <see cref="Prepare"/> once an edit, <see cref="Predict"/> once a step.
/// </summary>
public sealed class EditorNetworks : nn.Module
{
    private readonly PatchAutoencoder vae;
    private readonly ClipVisionModel image_encoder;
    private readonly MaskEnhancedAdapter adapter;
    private readonly UNet2DConditionModel unet;

    /// <summary>Builds the networks with random weights around a given autoencoder.</summary>
    public EditorNetworks(EditorConfig config, PatchAutoencoder? autoencoder = null)
        : base(nameof(EditorNetworks))
    {
        Config = config;
        vae = autoencoder ?? new PatchAutoencoder(config.Autoencoder);
        image_encoder = new ClipVisionModel(config.ImageEncoder);
        unet = new UNet2DConditionModel(config.Unet);
        if (config.DecoupledAttention)
            unet.EnableDecoupledAttention(config.EmbeddingWidth, sharedWeights: false);
        adapter = new MaskEnhancedAdapter(new MaskEnhancedAdapterConfig
        {
            Layers = unet.CrossAttentions.Count,
            EmbeddingDim = config.EmbeddingWidth,
            VisionDim = config.ImageEncoder.HiddenSize,
            SubjectDim = config.EmbeddingWidth,
            Heads = 4,
            SceneAttention = config.SceneAttention,
        });
        RegisterComponents();
    }

    /// <summary>Sizes.</summary>
    public EditorConfig Config { get; }

    /// <summary>Between pictures and latents.</summary>
    public PatchAutoencoder Autoencoder => vae;

    /// <summary>CLIP's image encoder: x1 and x2 of eq. 3.</summary>
    public ClipVisionModel ImageEncoder => image_encoder;

    /// <summary>A(·; δ) of eq. 3.</summary>
    public MaskEnhancedAdapter Adapter => adapter;

    /// <summary>ε_α of eq. 4.</summary>
    public UNet2DConditionModel Unet => unet;

    // The autoencoder stays in fp32: it is a small part of the work, and its pixels are what people see.
    private ScalarType Type => unet.CrossAttentions[0].parameters().First().dtype;

    /// <summary>Patch features of pictures [B, 3, R, R]: [B, P, width], class token left out.</summary>
    public Tensor Features(Tensor pictures)
    {
        using var scope = NewDisposeScope();
        var hidden = image_encoder.HiddenState(pictures.to(Type), -1);
        return hidden.narrow(1, 1, hidden.shape[1] - 1).MoveToOuterDisposeScope();
    }

    /// <summary>Keys and values of every cross-attention: eqs. 3, 6 and the part of 7 that no time step changes.</summary>
    /// <param name="embedding">e, [B, N, D].</param>
    /// <param name="scene">Patch features of x1, [B, P, width].</param>
    /// <param name="subject">Patch features of x2, [B, P, width]; rows without a subject have λ = 0. Null: no row has one.</param>
    /// <param name="subjectScale">λ of every row, [B].</param>
    public CrossAttentionCache Prepare(Tensor embedding, Tensor scene, Tensor? subject, Tensor? subjectScale)
    {
        using var scope = NewDisposeScope();
        if (!Config.SeesInstruction)
            embedding = zeros_like(embedding);
        if (!Config.SeesSubject)
            subject = null;
        if (Config.DecoupledAttention || subject is null)
            return adapter.Prepare(unet, embedding.to(Type), scene, subject, subject is null ? null : subjectScale).MoveToOuterDisposeScope();
        var features = adapter.Forward(embedding.to(Type), scene, subject);
        var share = (subjectScale ?? ones(subject.shape[0])).to(Type).view(-1, 1, 1);
        return unet.PrepareKeysValues([.. features.Scene.Zip(features.Subject!, (f1, f2) => cat([f1, f2 * share], 1))]).MoveToOuterDisposeScope();
    }

    /// <summary>What stands in for a collage where there is no subject, [B, C, h, w]: the look of what the embedding names, or zeros from a network that does not read looks.</summary>
    /// <param name="embedding">e, [B, N, D].</param>
    /// <param name="marks">From <see cref="EditConditions.MarksOf"/>; null without.</param>
    /// <param name="scene">Latent of the scene, [B, C, h, w].</param>
    public Tensor Imagined(Tensor embedding, Tensor? marks, Tensor scene) =>
        Config is { LookCollage: true, SeesInstruction: true } && marks is not null ? EditLook.Over(embedding, marks, scene) : zeros_like(scene);

    /// <summary>Predicts the clean latent (x-prediction) as the scene's latent plus the network's output.</summary>
    /// <param name="noisy">z_t = (1 − t)·z + t·ε, [B, C, h, w].</param>
    /// <param name="time">t in (0, 1], [B].</param>
    /// <param name="conditions">What stays the same.</param>
    /// <param name="cache">From <see cref="Prepare"/>.</param>
    public Tensor Predict(Tensor noisy, Tensor time, EditConditions conditions, CrossAttentionCache cache)
    {
        using var scope = NewDisposeScope();
        var scene = conditions.Scene * conditions.KeepScene;
        var residual = Config.ResidualToScene ? noisy - (scene * (1 - time.view(-1, 1, 1, 1))) : noisy;
        var parts = new List<Tensor> { residual, scene };
        if (Config.CollageChannels)
            parts.Add(conditions.Collage is { } collage ? collage * conditions.KeepScene : zeros_like(scene));
        if (Config.MaskChannels)
            parts.Add((conditions.Marks ?? throw new ArgumentException("This network reads the mask as channels.", nameof(conditions))).narrow(1, 0, Config.MarkChannels));
        var predicted = unet.forward(cat(parts, 1), time * Config.TimeScale, cache);
        return (Config.ResidualToScene ? predicted + scene : predicted).MoveToOuterDisposeScope();
    }
}
