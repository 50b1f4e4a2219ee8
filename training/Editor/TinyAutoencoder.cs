using FlexEdit.Models.Autoencoders;
using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Editing;
using FlexEdit.Training.World;
using static TorchSharp.torch;

namespace FlexEdit.Training.Editor;

/// <summary>The autoencoder that all stages in a folder share: both halves are trained to its code.</summary>
internal static class TinyAutoencoder
{
    private const string Name = "vae.linear.safetensors";

    /// <summary>The folder's; without one that of a model, and without that a linear code fitted to the world. Kept in the folder.</summary>
    /// <param name="folder">Folder of the stages' results.</param>
    /// <param name="model">Model folder whose autoencoder is taken.</param>
    /// <param name="catalog">The world.</param>
    public static PatchAutoencoder Of(string folder, string? model, WorldCatalog catalog)
    {
        var config = TinyEditor.Config.Autoencoder;
        var kept = Path.Combine(folder, Name);
        if (!File.Exists(kept))
        {
            Directory.CreateDirectory(folder);
            using var made = model is null ? Fitted(catalog, config) : ModelFolder.Open(model).LoadAutoencoder();
            StateDict.Save(made, kept, floatType: ScalarType.Float32);
        }
        var autoencoder = new PatchAutoencoder(config);
        using (var file = SafetensorsFile.Open(kept))
            StateDict.Load(autoencoder, file);
        foreach (var weight in autoencoder.parameters())
            weight.requires_grad = false;
        return autoencoder;
    }

    private static PatchAutoencoder Fitted(WorldCatalog catalog, PatchAutoencoderConfig config)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var renderer = new EditRenderer(catalog, TinyEditor.Side, seed: 20240822, EditMix.All, heldOut: false);
        var batches = Enumerable.Range(0, 60).Select(b => CropTensors.FromRgb([.. Enumerable.Range(0, 8).Select(i => renderer.Render((b * 8) + i).Target)], TinyEditor.Side));
        var code = PatchAutoencoder.FitLinearCode(batches, config.LatentChannels);
        Console.WriteLine($"linear code: {code.ExpectedPsnr:F1} dB with {code.Channels} channels");
        return PatchAutoencoder.FromLinearCode(code, config);
    }
}
