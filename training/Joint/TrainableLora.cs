using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Lora;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FlexEdit.Training.Joint;

/// <summary>Low-rank updates (Hu et al. 2022) of a frozen network's linear layers, to be trained: down is drawn, up begins at zero, so that nothing changes at first.</summary>
internal sealed class TrainableLora : IDisposable
{
    private readonly LoraAdapter adapter;
    private readonly LoraAttachment attachment;
    private readonly LoraConfig config;

    /// <summary>Attaches fresh factors to layers of a network.</summary>
    /// <param name="network">The network; its own weights are frozen.</param>
    /// <param name="layers">Last parts of the names of the layers, for example <c>q_proj</c>.</param>
    /// <param name="rank">r.</param>
    /// <param name="alpha">α; the update is scaled by α / r.</param>
    /// <exception cref="ArgumentException">The network has no such layer.</exception>
    public TrainableLora(nn.Module network, IReadOnlyCollection<string> layers, int rank, double alpha)
    {
        config = new LoraConfig { R = rank, LoraAlpha = alpha };
        foreach (var weight in network.parameters())
            weight.requires_grad = false;
        var chosen = network.named_modules().Where(m => m.module is Linear && layers.Contains(m.name.Split('.')[^1])).Select(m => (m.name, Layer: (Linear)m.module)).ToArray();
        if (chosen.Length == 0)
            throw new ArgumentException($"The network has no linear layer called {string.Join(" or ", layers)}.", nameof(layers));
        adapter = new LoraAdapter(chosen.Select(c => new LoraUpdate(
            c.name,
            nn.Parameter(randn(rank, c.Layer.weight!.shape[1]).mul_((float)(1 / Math.Sqrt(c.Layer.weight.shape[1])))),
            nn.Parameter(zeros(c.Layer.weight.shape[0], rank)),
            config.Scale())));
        attachment = new LoraAttachment(network, adapter);
    }

    /// <summary>The factors, under PEFT's names.</summary>
    public IEnumerable<(string Name, Parameter Value)> Factors => adapter.Updates.Values.SelectMany(u => new[]
    {
        ($"base_model.model.{u.Module}.lora_A.weight", (Parameter)u.Down),
        ($"base_model.model.{u.Module}.lora_B.weight", (Parameter)u.Up),
    });

    /// <summary>Writes the factors in PEFT's layout: <c>adapter_model.safetensors</c> and <c>adapter_config.json</c>, so that they can be served beside the model's weights.</summary>
    public void Save(string folder)
    {
        Directory.CreateDirectory(folder);
        SafetensorsWriter.Write(Path.Combine(folder, "adapter_model.safetensors"), Factors.ToDictionary(f => f.Name, f => (Tensor)f.Value));
        File.WriteAllText(
            Path.Combine(folder, "adapter_config.json"), System.Text.Json.JsonSerializer.Serialize(new { peft_type = "LORA", r = config.R, lora_alpha = config.LoraAlpha, bias = "none" }) + "\n");
    }

    /// <summary>What each layer's weight changes by, by the layer's name, in fp32.</summary>
    public IEnumerable<(string Layer, Tensor Delta)> Deltas() => adapter.Updates.Values.Select(u => (u.Module, u.Delta()));

    /// <inheritdoc/>
    public void Dispose()
    {
        attachment.Dispose();
        adapter.Dispose();
    }
}
