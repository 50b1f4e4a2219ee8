using FlexEdit.Models.Checkpoints;
using static TorchSharp.torch;

namespace FlexEdit.Models.Lora;

/// <summary>
/// The low-rank updates of a network's layers (Hu et al. 2022), read from a published file in PEFT's or kohya's layout.
/// Use it beside the weights with <see cref="LoraAttachment"/>, or within them with <see cref="MergedLora"/>.
/// </summary>
public sealed class LoraAdapter : IDisposable
{
    /// <summary>An adapter of the given updates, whose tensors it owns from now on.</summary>
    /// <exception cref="ArgumentException">Two updates are for one layer.</exception>
    public LoraAdapter(IEnumerable<LoraUpdate> updates)
    {
        Updates = updates.ToDictionary(update => update.Module, StringComparer.Ordinal);
        foreach (var update in Updates.Values)
        {
            update.Down.DetachFromDisposeScope();
            update.Up.DetachFromDisposeScope();
        }
    }

    /// <summary>The updates by the names of their layers.</summary>
    public IReadOnlyDictionary<string, LoraUpdate> Updates { get; }

    /// <summary>Reads an adapter in PEFT's layout: <c>base_model.model.NAME.lora_A.weight</c>, also with the adapter's name behind <c>lora_A</c>.</summary>
    /// <param name="network">The network that it was trained for.</param>
    /// <param name="file">The weights, <c>adapter_model.safetensors</c>.</param>
    /// <param name="config">Its <c>adapter_config.json</c>.</param>
    /// <param name="prefix">Only names that begin with this are read, without it; null for the whole file.</param>
    /// <param name="rename">From the published name of a layer to the network's; null for the same.</param>
    /// <exception cref="CheckpointException">The file does not fit the network; everything wrong is listed.</exception>
    public static LoraAdapter ReadPeft(nn.Module network, SafetensorsFile file, LoraConfig config, string? prefix = null, Func<string, string>? rename = null) =>
        LoraReader.Read(network, file, prefix, PeftNames.Split, name => (rename ?? (same => same))(name), _ => config.Scale());

    /// <summary>
    /// Reads an adapter in kohya's layout: <c>lora_unet_NAME.lora_down.weight</c> with underscores for the dots of a layer's name, and an
    /// <c>alpha</c> beside each; without one, alpha is the rank.
    /// </summary>
    /// <param name="network">The network that it was trained for, under diffusers' or transformers' names.</param>
    /// <param name="file">The weights.</param>
    /// <param name="prefix">What stands before the names of this network: <c>lora_unet_</c>, or <c>lora_te_</c> of the text encoder. Other names are left alone.</param>
    /// <exception cref="CheckpointException">The file does not fit the network; everything wrong is listed.</exception>
    public static LoraAdapter ReadKohya(nn.Module network, SafetensorsFile file, string prefix = KohyaNames.Unet)
    {
        var byFlatName = network.named_modules().Where(m => m.name.Length > 0)
            .GroupBy(m => m.name.Replace('.', '_'), StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First().name, StringComparer.Ordinal);
        return LoraReader.Read(network, file, prefix, KohyaNames.Split, flat => byFlatName.GetValueOrDefault(flat, flat), module =>
        {
            var (name, rank) = (prefix + module.Published + ".alpha", module.Rank);
            if (!file.Tensors.ContainsKey(name))
                return 1;
            using var alpha = file.Read(name, ScalarType.Float64);
            return alpha.item<double>() / rank;
        });
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var update in Updates.Values)
        {
            update.Down.Dispose();
            update.Up.Dispose();
        }
    }
}
