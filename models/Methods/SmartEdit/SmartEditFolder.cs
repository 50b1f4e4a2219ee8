using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Llava;
using FlexEdit.Models.Lora;
using FlexEdit.Models.Methods.Parts;
using FlexEdit.Models.Methods.Reading;
using FlexEdit.Models.Methods.StableDiffusion;
using FlexEdit.Models.QFormer;
using FlexEdit.Models.SmartEdit;
using FlexEdit.Models.Tokenizers.SentencePiece;
using FlexEdit.Models.Unet;
using static TorchSharp.torch;

namespace FlexEdit.Models.Methods.SmartEdit;

/// <summary>
/// A SmartEdit model in its published layout (TencentARC/SmartEdit-7B with each .bin as .safetensors): <c>LLM-15000/</c>, <c>embeddings_qformer/</c>, <c>unet-15000/</c>,
/// <c>modulate-15000/</c> and <c>adapter_config.json</c>; beside them what it was trained on: LLaMA's <c>tokenizer.model</c>, CLIP ViT-L/14 as <c>vision_tower/</c>, and
/// <c>vae/</c>, <c>text_encoder/</c>, <c>tokenizer/</c> and <c>scheduler/</c> of InstructPix2Pix. <c>smartedit.json</c> gives other sizes than the published ones.
/// </summary>
public sealed class SmartEditFolder : IDisposable
{
    private readonly MethodFolder _folder;
    private readonly SmartEditConfig _config;
    private readonly StableDiffusionFolder _base;
    private readonly OpenedWeights _weights;

    private SmartEditFolder(MethodFolder folder, SmartEditConfig config) => (_folder, _config, _base, _weights) = (folder, config, StableDiffusionFolder.Open(folder), new OpenedWeights(folder));

    /// <summary>Opens a folder; reads its configuration and no weights.</summary>
    /// <exception cref="CheckpointException">The configuration cannot be used.</exception>
    public static SmartEditFolder Open(MethodFolder folder) => new(folder, folder.Config("smartedit.json", SmartEditConfig.Parse, () => SmartEditConfig.Published));

    /// <summary>Loads the reading half.</summary>
    /// <exception cref="CheckpointException">A file is missing, is not the one that the card names, or does not fit.</exception>
    public SmartEditUnderstanding LoadUnderstanding(IPartReader loader) =>
        new(_config.Reading.Join(Vllm(loader), QFormer(loader), _folder.Resolution), Tokenizer(), _config.Reading.Llava.TokensPerImage(), _config.Reading.ImageTokens);

    /// <summary>Loads the painting half.</summary>
    /// <exception cref="CheckpointException">A file is missing, is not the one that the card names, or does not fit.</exception>
    public StableDiffusionEditModel LoadEditModel(IPartReader loader)
    {
        var unet = Unet(loader);
        var patches = Patches.Load(loader);
        using var texts = _base.Texts(loader);
        var empty = texts.Embed("");
        return new StableDiffusionEditModel(unet, _base.Autoencoder(loader), new SmartEditConditioner(unet, patches, Interaction(loader), empty), _base.Scheduler(), _folder.Resolution);
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
        attempt(() => Interaction(reader).Dispose());
        attempt(() => Patches.Read(reader));
        attempt(() => _base.Autoencoder(reader).Dispose());
        _base.ReadTexts(reader, attempt);
        attempt(() => _base.Scheduler());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _weights.Dispose();
        _base.Dispose();
    }

    private LlavaForConditionalGeneration Vllm(IPartReader reader) => _config.Reading.Vllm(
        reader, _folder.Type,
        _ => new WeightsSource(new JoinedCheckpoint(
            _folder.Path,
            (new UnmergedCheckpoint(_weights.Open("LLM-15000"), _folder.Config("adapter_config.json", LoraConfig.Parse)), SmartEditNames.OfLanguageModel),
            (_weights.Open("embeddings_qformer"), SmartEditNames.OfProjections),
            (_weights.Open("vision_tower"), SmartEditNames.OfVisionInLlava))));

    private QueryTransformer QFormer(IPartReader reader) => _config.Reading.QueryTransformer(
        reader, _folder.Type,
        () => new WeightsSource(_weights.Open("embeddings_qformer"), Rename: SmartEditNames.OfQFormer));

    private UNet2DConditionModel Unet(IPartReader reader) => reader.Read(
        StableDiffusionFolder.UnetPlace, _folder.Type,
        device =>
        {
            var config = _folder.Config("unet-15000/config.json", UNet2DConditionConfig.Parse, StableDiffusionFolder.FullSizeUnet);
            return config.BlockOutChannels[0] == _config.Interaction.MapChannels ? StableDiffusionFolder.BuildUnet(_folder, config, device)
                : throw new CheckpointException($"The interaction module makes a map of {_config.Interaction.MapChannels} channels, but the network's first convolution has {config.BlockOutChannels[0]}.");
        },
        _ => new WeightsSource(_weights.Open("unet-15000"), Rename: SmartEditNames.OfUnet));

    // In float32: its positions are sines of large angles, which half precision cannot tell apart.
    private BidirectionalInteraction Interaction(IPartReader reader) => reader.Read(
        new PartPlace("interaction", "interaction", "model"), ScalarType.Float32,
        device => new BidirectionalInteraction(_config.Interaction, device),
        _ => new WeightsSource(_weights.Open("modulate-15000")));

    private ClipPatchesPart Patches => new(_folder, _weights, "vision_tower", _config.Reading.Llava.VisionConfig, _config.Reading.Llava.VisionFeatureLayer);

    private LlamaTokenizer Tokenizer()
    {
        var first = _config.Reading.FirstImageToken;
        var framing = SmartEditPrompt.Framing.Select((name, i) => KeyValuePair.Create(name, first - SmartEditPrompt.Framing.Count + i));
        return _folder.LlamaTokenizer(framing.Concat(_config.Reading.ImageTokenIds));
    }
}
