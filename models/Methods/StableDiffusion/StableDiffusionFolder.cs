using FlexEdit.Models.Autoencoders;
using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Checkpoints.StableDiffusion;
using FlexEdit.Models.Clip;
using FlexEdit.Models.Layers;
using FlexEdit.Models.Methods.Parts;
using FlexEdit.Models.Methods.Reading;
using FlexEdit.Models.Schedulers;
using FlexEdit.Models.Tokenizers.Clip;
using FlexEdit.Models.Unet;
using static TorchSharp.torch;

namespace FlexEdit.Models.Methods.StableDiffusion;

/// <summary>
/// The networks of a Stable Diffusion descendant in a model folder: the published diffusers folders beside the card, or one file under the original names that the
/// card's <c>weights</c> names. A single file holds no configurations: where the folder has none either, those of the published full size are taken.
/// </summary>
public sealed class StableDiffusionFolder : IDisposable
{
    /// <summary>The scheduler of the published programs: Euler ancestral over Stable Diffusion's noise.</summary>
    internal const string PublishedScheduler = """{"_class_name":"EulerAncestralDiscreteScheduler","beta_start":0.00085,"beta_end":0.012,"beta_schedule":"scaled_linear"}""";

    private readonly MethodFolder _folder;
    private readonly StableDiffusionWeights _weights;
    private readonly bool _average;

    private StableDiffusionFolder(MethodFolder folder, StableDiffusionWeights weights, bool average) => (_folder, _weights, _average) = (folder, weights, average);

    /// <summary>Opens the weights; reads none.</summary>
    /// <exception cref="CheckpointException">The single file is missing, not sound, or not the one that the card names.</exception>
    public static StableDiffusionFolder Open(MethodFolder folder)
    {
        var single = folder.Text("weights");
        var weights = StableDiffusionWeights.Open(single is null ? folder.Path : folder.At(single), folder.TrustsFiles ? null : folder.Digests, allDigests: !folder.TrustsFiles);
        // The published programs of both sample with the averaged weights (methods: InstructPix2Pix edit_cli.py, MagicBrush edit_cli_single_multi_turn.py).
        return new StableDiffusionFolder(folder, weights, average: folder.Text("average") != "no");
    }

    /// <summary>The denoising network, with the scene's latent beside the noisy one.</summary>
    /// <param name="reader">What is done with it.</param>
    /// <param name="extend">Adds what a method adds to the network before its weights are read; null for nothing.</param>
    public UNet2DConditionModel Unet(IPartReader reader, Action<UNet2DConditionModel>? extend = null) => reader.Read(
        UnetPlace, _folder.Type, device =>
        {
            var network = BuildUnet(_folder, Config("unet/config.json", UNet2DConditionConfig.Parse, FullSizeUnet), device);
            extend?.Invoke(network);
            return network;
        }, network => _weights.Unet(network.Config, _average));

    /// <summary>The denoising network's name and place.</summary>
    internal static PartPlace UnetPlace { get; } = new("unet", "unet", "diffusion_pytorch_model");

    /// <summary>The published full size: Stable Diffusion 1.5 with twice the channels.</summary>
    internal static UNet2DConditionConfig FullSizeUnet() => new() { InChannels = 8, CrossAttentionDim = [768] };

    /// <summary>Builds the denoising network.</summary>
    /// <exception cref="CheckpointException">It has no channels for the scene's latent.</exception>
    internal static UNet2DConditionModel BuildUnet(MethodFolder folder, UNet2DConditionConfig config, Device device) =>
        config.InChannels == 2 * config.OutChannels ? new UNet2DConditionModel(config, device)
        : throw new CheckpointException($"The network in '{folder.Path}' reads {config.InChannels} channels, but editing needs {2 * config.OutChannels}: the noisy latent and the scene's. Is this Stable Diffusion itself, not one trained to edit?");

    /// <summary>The autoencoder; always float32, because its pixels are what people see.</summary>
    public AutoencoderKL Autoencoder(IPartReader reader) => reader.Read(
        new PartPlace("vae", "vae", "diffusion_pytorch_model"), ScalarType.Float32,
        device => new AutoencoderKL(Config("vae/config.json", AutoencoderKLConfig.FromJson, FullSizeAutoencoder), device),
        network => _weights.Autoencoder(network.Config));

    /// <summary>The text encoder.</summary>
    private ClipTextModel TextEncoder(IPartReader reader) => reader.Read(
        new PartPlace("text_encoder", "text_encoder", "model"), _folder.Type,
        device => new ClipTextModel(TextConfig(), device),
        _ => _weights.TextEncoder());

    /// <summary>The text encoder with its tokenizer, run by what the card says.</summary>
    public ClipTexts Texts(IPartReader loader) => _folder.OnnxEncoder("text_encoder") is { } onnx
        ? new ClipTexts(onnx.OpenTexts(_folder.Path, onnx.DeviceFor(_folder.Device())), Tokenizer(), TextConfig())
        : new ClipTexts(TextEncoder(loader), Tokenizer());

    /// <summary>Lets a reader go over the text encoder, where it is our own network, and its tokenizer.</summary>
    public void ReadTexts(IPartReader reader, Action<Action> attempt)
    {
        attempt(() =>
        {
            if (_folder.OnnxEncoder("text_encoder") is null)
                TextEncoder(reader).Dispose();
        });
        attempt(() => Tokenizer());
    }

    /// <summary>The text encoder's tokenizer.</summary>
    /// <exception cref="CheckpointException">A file is missing or is not one.</exception>
    private ClipTokenizer Tokenizer()
    {
        try
        {
            foreach (var name in new[] { "tokenizer/vocab.json", "tokenizer/merges.txt" })
                _folder.Checked(name);
            return ClipTokenizer.Open(_folder.At("tokenizer"));
        }
        catch (Exception problem) when (problem is IOException or InvalidDataException)
        {
            throw new CheckpointException(problem.Message, problem);
        }
    }

    /// <summary>The scheduler; the published programs' where a single file comes without one.</summary>
    /// <exception cref="CheckpointException">Its configuration cannot be used.</exception>
    public Scheduler Scheduler() => Config("scheduler/scheduler_config.json", Create, () => Create(PublishedScheduler));

    /// <inheritdoc/>
    public void Dispose() => _weights.Dispose();

    private static Scheduler Create(string json) => SchedulerCatalog.Create(SchedulerConfig.FromJson(json));

    private static AutoencoderKLConfig FullSizeAutoencoder() => new()
    {
        BlockOutChannels = [128, 256, 512, 512],
        DownBlockTypes = [.. Enumerable.Repeat("DownEncoderBlock2D", 4)],
        UpBlockTypes = [.. Enumerable.Repeat("UpDecoderBlock2D", 4)],
        LayersPerBlock = 2,
    };

    private static ClipTextConfig FullSizeTextEncoder() => new() { HiddenSize = 768, IntermediateSize = 3072, NumAttentionHeads = 12, ProjectionDim = 768, EosTokenId = ClipTextConfig.OldEndId };

    private ClipTextConfig TextConfig() => Config("text_encoder/config.json", PublishedConfig.Parse<ClipTextConfig>, FullSizeTextEncoder);

    private T Config<T>(string name, Func<string, T> parse, Func<T> published) => _folder.Config(name, parse, _weights.IsSingleFile ? published : null);
}
