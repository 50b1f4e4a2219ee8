using System.Security.Cryptography;
using System.Text.Json;
using FlexEdit.Models.Autoencoders;
using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Schedulers;
using FlexEdit.Models.Tokenizers;
using static TorchSharp.torch;

namespace FlexEdit.Models.Editing;

/// <summary>
/// A model on disk: <c>card.json</c>, configurations and safetensors files. Every file is compared with the digest that the card gives before it is used.
/// </summary>
public sealed class ModelFolder
{
    /// <summary>Names of the files of the reading half.</summary>
    public static class Names
    {
        /// <summary>Sizes of the painting half.</summary>
        public const string Editor = "editor.json";
        /// <summary>Its scheduler, in the published form.</summary>
        public const string Scheduler = "scheduler_config.json";
        /// <summary>Sizes of the reading half.</summary>
        public const string Understanding = "understanding.json";
        /// <summary>Its words.</summary>
        public const string Tokenizer = "tokenizer.json";
        /// <summary>Autoencoder.</summary>
        public const string Vae = "vae.safetensors";
        /// <summary>Image encoder of the adapter.</summary>
        public const string ImageEncoder = "image_encoder.safetensors";
        /// <summary>Mask Enhance Adapter.</summary>
        public const string Adapter = "adapter.safetensors";
        /// <summary>Denoising network.</summary>
        public const string Unet = "unet.safetensors";
        /// <summary>Vision-language model.</summary>
        public const string Vllm = "vllm.safetensors";
        /// <summary>Q-Former.</summary>
        public const string Qformer = "qformer.safetensors";
        /// <summary>Head of the whole object's mask.</summary>
        public const string MaskHead = "mask_head.safetensors";
    }

    private readonly string path;
    private readonly Dictionary<string, string> digests;

    private ModelFolder(string path, Dictionary<string, string> digests) => (this.path, this.digests) = (path, digests);

    /// <summary>The folder.</summary>
    public string Path => path;

    /// <summary>Opens a folder; loads nothing but its card.</summary>
    /// <exception cref="CheckpointException">The card is missing or is not one.</exception>
    public static ModelFolder Open(string path)
    {
        try
        {
            using var card = JsonDocument.Parse(File.ReadAllBytes(System.IO.Path.Combine(path, "card.json")));
            return new ModelFolder(path, card.RootElement.GetProperty("digests").EnumerateObject().ToDictionary(d => d.Name, d => d.Value.GetString() ?? "", StringComparer.Ordinal));
        }
        catch (Exception e) when (e is IOException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new CheckpointException($"{path} is not a model folder: {e.Message}", e);
        }
    }

    /// <summary>Loads the reading half.</summary>
    /// <exception cref="CheckpointException">A file is missing, is not the one that the card names, or does not fit.</exception>
    public FlexEditUnderstanding LoadUnderstanding()
    {
        var tokenizer = WordTokenizer.Open(Checked(Names.Tokenizer));
        var networks = LoadUnderstandingNetworks();
        networks.eval();
        return new FlexEditUnderstanding(networks, tokenizer);
    }

    /// <summary>Loads the networks of the reading half, to train them further.</summary>
    /// <exception cref="CheckpointException">A file is missing, is not the one that the card names, or does not fit.</exception>
    public UnderstandingNetworks LoadUnderstandingNetworks()
    {
        var networks = new UnderstandingNetworks(ReadJson<UnderstandingConfig>(Names.Understanding));
        Load(networks.Vllm, Names.Vllm, networks.Vllm.NameInNetwork);
        Load(networks.QFormer, Names.Qformer);
        Load(networks.MaskHead, Names.MaskHead);
        return networks;
    }

    /// <summary>Loads the painting half.</summary>
    /// <exception cref="CheckpointException">A file is missing, is not the one that the card names, or does not fit.</exception>
    public FlexEditModel LoadEditModel()
    {
        var networks = LoadEditorNetworks();
        networks.eval();
        return new FlexEditModel(networks, SchedulerCatalog.Create(SchedulerConfig.FromJson(File.ReadAllText(Checked(Names.Scheduler)))));
    }

    /// <summary>Loads the networks of the painting half, to train them further.</summary>
    /// <exception cref="CheckpointException">A file is missing, is not the one that the card names, or does not fit.</exception>
    public EditorNetworks LoadEditorNetworks()
    {
        var networks = new EditorNetworks(ReadJson<EditorConfig>(Names.Editor));
        Load(networks.Autoencoder, Names.Vae);
        Load(networks.ImageEncoder, Names.ImageEncoder);
        Load(networks.Adapter, Names.Adapter);
        Load(networks.Unet, Names.Unet);
        return networks;
    }

    /// <summary>Loads the autoencoder alone.</summary>
    /// <exception cref="CheckpointException">A file is missing, is not the one that the card names, or does not fit.</exception>
    public PatchAutoencoder LoadAutoencoder()
    {
        var autoencoder = new PatchAutoencoder(ReadJson<EditorConfig>(Names.Editor).Autoencoder);
        Load(autoencoder, Names.Vae);
        return autoencoder;
    }

    /// <summary>SHA-256 of a file, as cards give it.</summary>
    public static string DigestOf(string file)
    {
        using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private void Load(nn.Module network, string name, Func<string, string?>? rename = null)
    {
        using var file = SafetensorsFile.Open(Checked(name));
        StateDict.Load(network, file, rename: rename);
    }

    private T ReadJson<T>(string name) => JsonSerializer.Deserialize<T>(File.ReadAllBytes(Checked(name)), EditorConfig.Json)
        ?? throw new CheckpointException($"{name} of {path} is empty.");

    private string Checked(string name)
    {
        var file = System.IO.Path.Combine(path, name);
        if (!digests.TryGetValue(name, out var wanted))
            throw new CheckpointException($"The card of {path} gives no digest of {name}.");
        if (!File.Exists(file))
            throw new CheckpointException($"{file} is missing.");
        var found = DigestOf(file);
        if (!string.Equals(found, wanted, StringComparison.OrdinalIgnoreCase))
            throw new CheckpointException($"{file} is not the file that the card names: its SHA-256 is {found}, the card says {wanted}.");
        return file;
    }
}
