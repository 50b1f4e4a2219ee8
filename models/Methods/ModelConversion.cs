using System.Text.Json;
using System.Text.Json.Nodes;
using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Lora;
using FlexEdit.Models.Methods.Parts;
using static TorchSharp.torch;

namespace FlexEdit.Models.Methods;

/// <summary>How a model is written anew.</summary>
public sealed record ConversionOptions
{
    /// <summary>Float32, Float16 or BFloat16: what weights are written in.</summary>
    public ScalarType Type { get; init; } = ScalarType.Float32;
    /// <summary>Largest size of a file in bytes; what is larger is written in shards.</summary>
    public long ShardBytes { get; init; } = 5_000_000_000;
    /// <summary>LoRA adapters to merge into the weights.</summary>
    public IReadOnlyList<LoraFile> Loras { get; init; } = [];
}

/// <summary>A LoRA adapter on disk.</summary>
/// <param name="Path">The safetensors file.</param>
/// <param name="Part">The network it belongs to, in PEFT's layout with <c>adapter_config.json</c> beside it; null for kohya's layout, whose names say it.</param>
/// <param name="Strength">What its updates are multiplied by; 1 as trained.</param>
public sealed record LoraFile(string Path, string? Part = null, double Strength = 1);

/// <summary>
/// Writes a model folder anew: adapters merged, weights cast and sharded, a single Stable Diffusion file taken apart into diffusers folders, the card with new digests.
/// One network is in memory at a time.
/// </summary>
public static class ModelConversion
{
    /// <summary>Converts a folder.</summary>
    /// <param name="source">A sound model folder; its digests are compared.</param>
    /// <param name="target">A folder that does not exist or is empty.</param>
    /// <param name="options">What to change.</param>
    /// <returns>The networks that were written.</returns>
    /// <exception cref="CheckpointException">The source is not sound, an adapter does not fit or belongs to no network, or the target is not empty. The target then holds no card.</exception>
    public static IReadOnlyList<string> Convert(string source, string target, ConversionOptions options)
    {
        var folder = MethodFolder.Open(source);
        if (folder.Method == "smartedit")
            throw new CheckpointException($"'{source}' is a SmartEdit model; such a folder keeps its published files and is not converted. Its adapters are merged, and its weights cast, while they are loaded.");
        if (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any())
            throw new CheckpointException($"'{target}' is not empty.");
        if (options.Type is not (ScalarType.Float32 or ScalarType.Float16 or ScalarType.BFloat16))
            throw new CheckpointException($"Weights are written as float32, float16 or bfloat16, not {options.Type}.");
        Directory.CreateDirectory(target);
        var writer = new PartWriter(target, folder.Method == "flexedit" ? options with { ShardBytes = long.MaxValue } : options);
        var problems = EditMethods.ReadAll(folder, writer);
        problems = [.. problems, .. options.Loras.Where(l => !writer.Merged.Contains(l)).Select(l => $"The adapter '{l.Path}' belongs to none of the networks {string.Join(", ", writer.Written)}.")];
        if (problems.Count > 0)
            throw new CheckpointException(string.Join("\n", problems));
        CopyOthers(folder, target);
        var scheduler = Path.Combine(target, "scheduler", "scheduler_config.json");
        if (folder.Method != "flexedit" && !File.Exists(scheduler))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(scheduler)!);
            File.WriteAllText(scheduler, StableDiffusion.StableDiffusionFolder.PublishedScheduler);
        }
        WriteCard(folder, target, options.Type);
        return writer.Written;
    }

    private static void CopyOthers(MethodFolder folder, string target)
    {
        foreach (var name in folder.Digests.Keys.Where(n => !n.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase) && !n.EndsWith(ShardIndex.Extension, StringComparison.OrdinalIgnoreCase)))
        {
            var path = Path.Combine(target, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            if (!File.Exists(path))
                File.Copy(folder.Checked(name), path);
        }
    }

    private static void WriteCard(MethodFolder folder, string target, ScalarType type)
    {
        var card = JsonNode.Parse(File.ReadAllBytes(Path.Combine(folder.Path, MethodFolder.CardFile)))!.AsObject();
        // What was one file is now folders.
        card.Remove("weights");
        card.Remove("average");
        if (folder.Method != "flexedit")
            card["dtype"] = type switch { ScalarType.BFloat16 => "bfloat16", ScalarType.Float16 => "float16", _ => "float32" };
        File.WriteAllText(Path.Combine(target, MethodFolder.CardFile), card.ToJsonString(new JsonSerializerOptions { WriteIndented = true }));
        ModelVerification.Record(target);
    }

    private sealed class PartWriter(string target, ConversionOptions options) : IPartReader
    {
        public List<string> Written { get; } = [];

        public HashSet<LoraFile> Merged { get; } = [];

        public T Read<T>(PartPlace place, ScalarType type, Func<Device, T> build, Func<T, WeightsSource> weights)
            where T : nn.Module
        {
            var network = build(CPU);
            using var noGrad = no_grad();
            using var scope = NewDisposeScope();
            weights(network).Load(network);
            foreach (var lora in options.Loras)
                if (Merge(network, place.Name, lora))
                    Merged.Add(lora);
            var folder = Path.Combine(target, place.Folder);
            Directory.CreateDirectory(folder);
            SafetensorsWriter.WriteSharded(folder, place.Stem, network.state_dict().Select(t => TensorToWrite.Of(t.Key, t.Value, options.Type)), options.ShardBytes,
                new Dictionary<string, string> { ["format"] = "pt" });
            if (ConfigOf(network) is { } config && place.Folder.Length > 0)
                File.WriteAllText(Path.Combine(folder, "config.json"), config);
            Written.Add(place.Name);
            return network;
        }

        private static string? ConfigOf(nn.Module network) => network switch
        {
            Unet.UNet2DConditionModel unet => unet.Config.Format(),
            Autoencoders.AutoencoderKL vae => Layers.PublishedConfig.Format(vae.Config),
            Clip.ClipTextModel text => Layers.PublishedConfig.Format(text.Config),
            _ => null,
        };

        private static bool Merge(nn.Module network, string part, LoraFile lora)
        {
            if (lora.Part is not null && lora.Part != part)
                return false;
            PickleFiles.RefuseByName(lora.Path);
            if (!File.Exists(lora.Path))
                throw new CheckpointException($"'{lora.Path}' is missing.");
            using var file = SafetensorsFile.Open(lora.Path);
            using var adapter = lora.Part is null ? Kohya(network, part, file) : Peft(network, file);
            if (adapter is null)
                return false;
            using var merged = new MergedLora(network);
            merged.Set("merged", adapter, lora.Strength);
            return true;
        }

        private static LoraAdapter? Kohya(nn.Module network, string part, SafetensorsFile file)
        {
            var prefix = part switch { "unet" => KohyaNames.Unet, "text_encoder" => KohyaNames.TextEncoder, _ => null };
            return prefix is not null && file.Tensors.Keys.Any(n => n.StartsWith(prefix, StringComparison.Ordinal)) ? LoraAdapter.ReadKohya(network, file, prefix) : null;
        }

        private static LoraAdapter Peft(nn.Module network, SafetensorsFile file)
        {
            var path = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file.Path))!, "adapter_config.json");
            try
            {
                return LoraAdapter.ReadPeft(network, file, LoraConfig.Parse(File.ReadAllText(path)));
            }
            catch (Exception problem) when (problem is IOException or JsonException or NotSupportedException)
            {
                throw new CheckpointException($"'{path}' cannot be used: {problem.Message}", problem);
            }
        }
    }
}
