using FlexEdit.Models.Autoencoders;
using FlexEdit.Models.Clip;
using FlexEdit.Models.Unet;

namespace FlexEdit.Models.Checkpoints.StableDiffusion;

/// <summary>
/// The weights of Stable Diffusion 1.x and of what descends from it (InstructPix2Pix, MagicBrush), either as a diffusers folder
/// (<c>unet/</c>, <c>vae/</c>, <c>text_encoder/</c>) or as the single file under the original code's names that most people have.
/// Safe to read from several threads.
/// </summary>
public sealed class StableDiffusionWeights : IDisposable
{
    private const string UnetPrefix = "model.diffusion_model.", AveragePrefix = "model_ema.", VaePrefix = "first_stage_model.", TextPrefix = "cond_stage_model.transformer.";

    private readonly string _path;
    private readonly Dictionary<string, ICheckpoint> _open = new(StringComparer.Ordinal);
    private readonly IReadOnlyDictionary<string, string>? _digests;
    private readonly bool _allDigests;
    private readonly Lock _gate = new();

    private StableDiffusionWeights(string path, bool isSingleFile, IReadOnlyDictionary<string, string>? digests, bool allDigests) =>
        (_path, IsSingleFile, _digests, _allDigests) = (path, isSingleFile, digests, allDigests);

    /// <summary>Whether it is one file under the original names.</summary>
    public bool IsSingleFile { get; }

    /// <summary>Opens a folder or a file; parts of a folder are opened when they are asked for.</summary>
    /// <param name="path">The diffusers folder or the single safetensors file.</param>
    /// <param name="digests">SHA-256 by path relative to the folder (<c>unet/diffusion_pytorch_model.safetensors</c>), or by the file's name. Null: none is checked.</param>
    /// <param name="allDigests">Whether a file that <paramref name="digests"/> does not name is refused.</param>
    /// <exception cref="CheckpointException">It is neither, or the file is not sound, a pickle file, or of a model with another text encoder.</exception>
    public static StableDiffusionWeights Open(string path, IReadOnlyDictionary<string, string>? digests = null, bool allDigests = false)
    {
        if (Directory.Exists(path))
            return new StableDiffusionWeights(path, isSingleFile: false, digests, allDigests);
        var file = Checkpoint.Open(path, digests, allDigests);
        if (!file.Tensors.Keys.Any(n => n.StartsWith(UnetPrefix, StringComparison.Ordinal)))
        {
            file.Dispose();
            throw new CheckpointException($"'{path}' is not a Stable Diffusion file: nothing in it is named {UnetPrefix}*.");
        }
        if (file.Tensors.Keys.Any(n => n.StartsWith("cond_stage_model.model.", StringComparison.Ordinal) || n.StartsWith("conditioner.", StringComparison.Ordinal)))
        {
            file.Dispose();
            throw new CheckpointException($"'{path}' is a Stable Diffusion 2 or XL file: its text encoder has OpenCLIP's names, which are not read. Use the diffusers folder of that model.");
        }
        var weights = new StableDiffusionWeights(path, isSingleFile: true, digests, allDigests);
        weights._open.Add("", file);
        return weights;
    }

    /// <summary>Whether the single file holds the averaged weights beside the trained ones (<c>model_ema.*</c>).</summary>
    public bool HasAverage => IsSingleFile && _open[""].Tensors.Keys.Any(IsAverageWeight);

    /// <summary>The weights of the denoising network.</summary>
    /// <param name="config">Its sizes.</param>
    /// <param name="average">
    /// Whether to take the averaged weights where a single file has them, as the published InstructPix2Pix and MagicBrush programs do; a diffusers folder has only one kind.
    /// </param>
    /// <exception cref="CheckpointException">The folder has no such part, or its file is not sound.</exception>
    public WeightsSource Unet(UNet2DConditionConfig config, bool average = false)
    {
        if (!IsSingleFile)
            return new WeightsSource(Part("unet"));
        var file = _open[""];
        var names = new OriginalUnetNames(config);
        if (!average || !HasAverage)
            return new WeightsSource(file, UnetPrefix, names.ToDiffusers);
        // Averaged tensors are named by their parameter's name without its dots.
        var originals = file.Tensors.Keys.Where(n => n.StartsWith(UnetPrefix, StringComparison.Ordinal))
            .ToDictionary(AverageName, n => n[UnetPrefix.Length..], StringComparer.Ordinal);
        return new WeightsSource(file, AveragePrefix, name => !IsAverageWeight(AveragePrefix + name) ? null
            : originals.TryGetValue(name, out var original) ? names.ToDiffusers(original) : "?" + name);
    }

    /// <summary>The weights of the autoencoder.</summary>
    /// <exception cref="CheckpointException">The folder has no such part, or its file is not sound.</exception>
    public WeightsSource Autoencoder(AutoencoderKLConfig config) => IsSingleFile
        ? new WeightsSource(_open[""], VaePrefix, new OriginalAutoencoderNames(config).ToDiffusers)
        : new WeightsSource(Part("vae"), Rename: AutoencoderKL.CurrentName);

    /// <summary>The weights of the text encoder.</summary>
    /// <exception cref="CheckpointException">The folder has no such part, or its file is not sound.</exception>
    public WeightsSource TextEncoder() => new(IsSingleFile ? _open[""] : Part("text_encoder"), IsSingleFile ? TextPrefix : null, ClipNames.InNetwork);

    /// <summary>Loads the denoising network; see <see cref="Unet"/>.</summary>
    /// <exception cref="CheckpointException">Lists every tensor that is missing, unexpected or wrongly shaped.</exception>
    public void Load(UNet2DConditionModel unet, bool average = false) => Unet(unet.Config, average).Load(unet);

    /// <summary>Loads the autoencoder.</summary>
    /// <exception cref="CheckpointException">Lists every tensor that is missing, unexpected or wrongly shaped.</exception>
    public void Load(AutoencoderKL vae) => Autoencoder(vae.Config).Load(vae);

    /// <summary>Loads the text encoder.</summary>
    /// <exception cref="CheckpointException">Lists every tensor that is missing, unexpected or wrongly shaped.</exception>
    public void Load(ClipTextModel text) => TextEncoder().Load(text);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var file in _open.Values)
            file.Dispose();
    }

    private static bool IsAverageWeight(string name) =>
        name.StartsWith(AveragePrefix, StringComparison.Ordinal) && name is not (AveragePrefix + "decay" or AveragePrefix + "num_updates");

    private static string AverageName(string unetName) => unetName["model.".Length..].Replace(".", "", StringComparison.Ordinal);

    private ICheckpoint Part(string name)
    {
        lock (_gate)
        {
            if (_open.TryGetValue(name, out var file))
                return file;
            var folder = Path.Combine(_path, name);
            if (!Directory.Exists(folder))
                throw new CheckpointException($"'{_path}' has no folder '{name}'.");
            var prefix = name + "/";
            var digests = _digests?.Where(d => d.Key.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(d => d.Key[prefix.Length..], d => d.Value, StringComparer.Ordinal);
            return _open[name] = Checkpoint.Open(folder, digests, _allDigests);
        }
    }
}
