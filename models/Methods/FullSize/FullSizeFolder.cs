using FlexEdit.Models.Adapters;
using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Editing;
using FlexEdit.Models.Llava;
using FlexEdit.Models.Methods.Parts;
using FlexEdit.Models.Methods.Reading;
using FlexEdit.Models.Methods.StableDiffusion;
using FlexEdit.Models.QFormer;
using FlexEdit.Models.Tokenizers;
using FlexEdit.Models.Tokenizers.SentencePiece;
using FlexEdit.Models.Unet;

namespace FlexEdit.Models.Methods.FullSize;

/// <summary>
/// A FlexEdit model on LLaVA and Stable Diffusion. Published, as they are: <c>vllm/</c> (LLaVA-1.5), <c>tokenizer.model</c>, <c>image_encoder/</c> (CLIP), <c>vae/</c> and <c>scheduler/</c>.
/// Trained: <c>unet/</c> with the subject's keys and values, <c>qformer/</c>, <c>adapter/</c>, and the rows of the image tokens in <c>image_tokens.safetensors</c> (without it they are in <c>vllm/</c>).
/// <c>flexedit.json</c> gives other sizes than those of <c>flexedit-sd15</c>.
/// </summary>
public sealed class FullSizeFolder : IDisposable
{
    private const string ImageTokens = "image_tokens.safetensors";

    // The names in that file, by the network's.
    private static readonly Dictionary<string, string> s_rows = new(StringComparer.Ordinal)
    {
        ["language_model.model.embed_tokens.weight"] = "embed_tokens.weight",
        ["language_model.lm_head.weight"] = "lm_head.weight",
    };

    private readonly MethodFolder _folder;
    private readonly FullSizeConfig _config;
    private readonly StableDiffusionFolder _base;
    private readonly OpenedWeights _weights;

    private FullSizeFolder(MethodFolder folder, FullSizeConfig config) => (_folder, _config, _base, _weights) = (folder, config, StableDiffusionFolder.Open(folder), new OpenedWeights(folder));

    /// <summary>Opens a folder; reads its configuration and no weights.</summary>
    /// <exception cref="CheckpointException">The configuration cannot be used.</exception>
    public static FullSizeFolder Open(MethodFolder folder) => new(folder, folder.Config("flexedit.json", FullSizeConfig.Parse, () => FullSizeConfig.Published));

    /// <summary>Loads the reading half.</summary>
    /// <exception cref="CheckpointException">A file is missing, is not the one that the card names, or does not fit.</exception>
    public FlexEditUnderstanding LoadUnderstanding(IPartReader loader)
    {
        var reading = _config.Reading;
        var prompt = new FullSizePrompt(Tokenizer(), reading.Llava.TokensPerImage(), reading.ImageTokens);
        return new FlexEditUnderstanding(reading.Join(Vllm(loader), QFormer(loader), _folder.Resolution), prompt, reading.ImageTokens, _config.LabelTemperature);
    }

    /// <summary>Loads the painting half.</summary>
    /// <exception cref="CheckpointException">A file is missing, is not the one that the card names, or does not fit.</exception>
    public StableDiffusionEditModel LoadEditModel(IPartReader loader)
    {
        var unet = Unet(loader);
        var conditioner = new MaskEnhancedConditioner(unet, Adapter(loader), Patches.Load(loader));
        return new StableDiffusionEditModel(unet, _base.Autoencoder(loader), conditioner, _base.Scheduler(), _folder.Resolution);
    }

    /// <summary>Lets a reader go over every network and file.</summary>
    /// <param name="reader">What is done with each.</param>
    /// <param name="attempt">Runs a step, whatever is wrong with it.</param>
    public void ReadAll(IPartReader reader, Action<Action> attempt)
    {
        attempt(() => Vllm(reader).Dispose());
        attempt(() => QFormer(reader).Dispose());
        attempt(() => Tokenizer());
        attempt(() => Unet(reader).Dispose());
        attempt(() => Adapter(reader).Dispose());
        attempt(() => Patches.Read(reader));
        attempt(() => _base.Autoencoder(reader).Dispose());
        attempt(() => _base.Scheduler());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _weights.Dispose();
        _base.Dispose();
    }

    private LlavaForConditionalGeneration Vllm(IPartReader reader) => _config.Reading.Vllm(reader, _folder.Type, network =>
    {
        ICheckpoint whole = new JoinedCheckpoint(_folder.At("vllm"), (_weights.Open("vllm"), network.NameInNetwork));
        return new WeightsSource(File.Exists(_folder.At(ImageTokens)) ? new ReplacedRows(whole, _weights.Open(ImageTokens), _config.Reading.FirstImageToken, _config.Reading.ImageTokens, s_rows) : whole);
    });

    private QueryTransformer QFormer(IPartReader reader) => _config.Reading.QueryTransformer(reader, _folder.Type, () => new WeightsSource(_weights.Open("qformer")));

    private UNet2DConditionModel Unet(IPartReader reader) => _base.Unet(reader, network =>
    {
        if (network.CrossAttentions.Count != _config.Adapter.Layers || network.CrossAttentions.Any(a => a.ContextWidth != _config.Adapter.EmbeddingDim))
        {
            throw new CheckpointException(
                $"The adapter has {_config.Adapter.Layers} blocks of width {_config.Adapter.EmbeddingDim}; the denoising network has {network.CrossAttentions.Count} cross-attentions to a width of {network.CrossAttentions[0].ContextWidth}.");
        }
        network.EnableDecoupledAttention(_config.Adapter.SubjectDim, _config.SharedWeights);
    });

    private MaskEnhancedAdapter Adapter(IPartReader reader) => reader.Read(
        new PartPlace("adapter", "adapter", "model"), _folder.Type,
        device => new MaskEnhancedAdapter(_config.Adapter, device),
        _ => new WeightsSource(_weights.Open("adapter")));

    private ClipPatchesPart Patches => new(_folder, _weights, "image_encoder", _config.ImageEncoder, _config.ImageEncoderLayer);

    private LlamaTokenizer Tokenizer() => _folder.LlamaTokenizer(_config.Reading.ImageTokenIds.Append(KeyValuePair.Create(ControlTokens.Picture, _config.Reading.Llava.ImageTokenIndex)));
}
