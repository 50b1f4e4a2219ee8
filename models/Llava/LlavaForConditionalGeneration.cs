using FlexEdit.Models.Clip;
using FlexEdit.Models.Layers;
using FlexEdit.Models.Llama;
using static TorchSharp.torch;

namespace FlexEdit.Models.Llava;

/// <summary>A language model that sees pictures (LLaVA; Liu et al. 2023), under the names of the published <c>LlavaForConditionalGeneration</c> in the llava-hf layout.</summary>
public sealed class LlavaForConditionalGeneration : nn.Module
{
    private readonly ClipVisionModel vision_tower;
    private readonly LlavaProjector multi_modal_projector;
    private readonly LlamaForCausalLM language_model;

    /// <summary>Builds the network; its weights are random until they are loaded.</summary>
    /// <exception cref="NotSupportedException">The configuration's entries do not fit together.</exception>
    public LlavaForConditionalGeneration(LlavaConfig config, Device? device = null, ScalarType? dtype = null)
        : base(nameof(LlavaForConditionalGeneration))
    {
        config.KeepsClassToken();
        Config = config;
        vision_tower = new ClipVisionModel(config.VisionConfig, device, dtype);
        multi_modal_projector = new LlavaProjector(config, device, dtype);
        language_model = new LlamaForCausalLM(config.TextConfig, device, dtype);
        RegisterComponents();
    }

    /// <summary>Sizes of this network.</summary>
    public LlavaConfig Config { get; }

    /// <summary>The language model, which generates and scores; see <see cref="GreedyDecoder"/> and <see cref="AppendedTokens"/>.</summary>
    public LlamaForCausalLM LanguageModel => language_model;

    /// <summary>The image encoder.</summary>
    public ClipVisionModel VisionTower => vision_tower;

    /// <summary>The network's name for a checkpoint's tensor in any published layout; null for what it does not hold by itself.</summary>
    public string? NameInNetwork(string nameInCheckpoint)
    {
        const string Language = "language_model.";
        var name = LlavaNames.InNetwork(nameInCheckpoint);
        if (name is null || !name.StartsWith(Language, StringComparison.Ordinal))
            return name;
        return language_model.NameInNetwork(name[Language.Length..]) is { } inner ? Language + inner : null;
    }

    /// <summary>Repeats every image token once per token that its picture takes, as <see cref="Embed"/> expects them.</summary>
    /// <param name="ids">A prompt with one <see cref="LlavaConfig.ImageTokenIndex"/> per picture.</param>
    public IReadOnlyList<long> ExpandImageTokens(IEnumerable<long> ids)
    {
        var count = Config.TokensPerImage();
        return [.. ids.SelectMany(id => Enumerable.Repeat(id, id == Config.ImageTokenIndex ? count : 1))];
    }

    /// <summary>Pictures as the language model reads them.</summary>
    /// <param name="pixels">[pictures, channels, side, side], normalised.</param>
    /// <returns>[pictures, <see cref="LlavaConfig.TokensPerImage"/>, width].</returns>
    public Tensor ImageFeatures(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        var hidden = vision_tower.HiddenState(pixels, Config.VisionFeatureLayer);
        if (!Config.KeepsClassToken())
            hidden = hidden.narrow(1, 1, hidden.shape[1] - 1);
        return multi_modal_projector.Forward(hidden).MoveToOuterDisposeScope();
    }

    /// <summary>Embeds a prompt, with picture features in the places of its image tokens.</summary>
    /// <param name="ids">int64 [batch, length], image tokens repeated; see <see cref="ExpandImageTokens"/>.</param>
    /// <param name="imageFeatures">[pictures, tokens, width] in the order in which the batch names them, row by row; null without pictures.</param>
    /// <returns>[batch, length, width].</returns>
    /// <exception cref="ArgumentException">The image tokens and the pictures do not add up.</exception>
    public Tensor Embed(Tensor ids, Tensor? imageFeatures)
    {
        using var scope = NewDisposeScope();
        var embedded = language_model.Embed(ids);
        var places = ids == Config.ImageTokenIndex;
        var wanted = places.sum().item<long>();
        var given = imageFeatures is null ? 0 : imageFeatures.shape[0] * imageFeatures.shape[1];
        if (wanted != given)
            throw new ArgumentException($"The prompt has {wanted} image tokens; the pictures have {given} features.", nameof(imageFeatures));
        if (imageFeatures is not null)
            embedded = embedded.masked_scatter(places.unsqueeze(-1), imageFeatures.to(embedded.dtype));
        return embedded.MoveToOuterDisposeScope();
    }

    /// <summary>The language model's last hidden states after the final norm, [batch, length, width].</summary>
    /// <param name="ids">As in <see cref="Embed"/>.</param>
    /// <param name="pixels">As in <see cref="ImageFeatures"/>; null without pictures.</param>
    /// <param name="attentionMask">As in <see cref="LlamaForCausalLM.Forward"/>.</param>
    /// <param name="cache">As in <see cref="LlamaForCausalLM.Forward"/>.</param>
    public Tensor Forward(Tensor ids, Tensor? pixels, Tensor? attentionMask = null, KeyValueCache? cache = null)
    {
        using var scope = NewDisposeScope();
        var embedded = Embed(ids, pixels is null ? null : ImageFeatures(pixels));
        return language_model.Forward(embedded, attentionMask, cache).MoveToOuterDisposeScope();
    }

    /// <summary>Draws the weights anew for training from nothing.</summary>
    public void Initialize()
    {
        vision_tower.Initialize();
        NormalInitialization.Apply(multi_modal_projector, Config.TextConfig.InitializerRange);
        language_model.Initialize();
    }
}
