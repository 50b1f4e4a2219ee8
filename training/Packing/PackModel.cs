using System.Text.Json;
using System.Text.Json.Nodes;
using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Editing;
using FlexEdit.Models.Tokenizers;
using FlexEdit.Training.Editor;
using FlexEdit.Training.Understanding;
using FlexEdit.Training.World;
using static TorchSharp.torch;

namespace FlexEdit.Training.Packing;

/// <summary>Writes the trained parts as a model folder: fp16 safetensors, configurations, and the card with a digest of every file.</summary>
public static class PackModel
{
    /// <summary>Packs what is in the training folder. A half that was not trained stays as the model folder has it.</summary>
    /// <param name="folder">Folder of the stages' results.</param>
    /// <param name="target">The model folder; its <c>card.json</c>, if there is one, keeps everything but the digests.</param>
    /// <param name="catalog">The world.</param>
    /// <param name="labelTemperature">Divides the label's scores, from <c>evaluate</c>.</param>
    /// <param name="method">What was trained, of <see cref="EditorVariants.Names"/>: any but FlexEdit itself becomes the model's id.</param>
    public static void Run(string folder, string target, WorldCatalog catalog, double labelTemperature, string method = EditorVariants.Ours)
    {
        Directory.CreateDirectory(target);
        if (File.Exists(Path.Combine(folder, "editor.average.safetensors")))
            Painting();
        if (File.Exists(Path.Combine(folder, "understanding.average.safetensors")))
            Reading();
        Write(ModelFolder.Names.Scheduler, """{ "_class_name": "FlowMatchEulerDiscreteScheduler", "num_train_timesteps": 1000, "shift": 1.0, "prediction_type": "sample", "timestep_spacing": "trailing" }""");
        catalog.Vocabulary.Write(Path.Combine(target, "vocabulary.json"));
        WriteCard(target, method);

        void Painting()
        {
            var config = Path.Combine(folder, ModelFolder.Names.Editor);
            using var editor = new EditorNetworks(File.Exists(config) ? JsonSerializer.Deserialize<EditorConfig>(File.ReadAllText(config), EditorConfig.Json)! : TinyEditor.Config);
            Load(editor, Path.Combine(folder, "editor.average.safetensors"));
            var decoder = Path.Combine(folder, "vae.trained.safetensors");
            if (File.Exists(decoder))
                Load(editor.Autoencoder, decoder);
            Save(editor.Autoencoder, ModelFolder.Names.Vae);
            Save(editor.ImageEncoder, ModelFolder.Names.ImageEncoder);
            Save(editor.Adapter, ModelFolder.Names.Adapter);
            Save(editor.Unet, ModelFolder.Names.Unet);
            Write(ModelFolder.Names.Editor, JsonSerializer.Serialize(editor.Config, EditorConfig.Json));
        }

        void Reading()
        {
            var words = Path.Combine(folder, "tokenizer.json");
            using var reader = new UnderstandingNetworks(TinyUnderstanding.Config(WordTokenizer.Open(words)));
            Load(reader, Path.Combine(folder, "understanding.average.safetensors"));
            // Left out where the reading half learned the painting half's tokens along with everything else.
            if (File.Exists(Path.Combine(folder, "qformer.aligned.safetensors")))
                Load(reader.QFormer, Path.Combine(folder, "qformer.aligned.safetensors"));
            Save(reader.Vllm, ModelFolder.Names.Vllm);
            Save(reader.QFormer, ModelFolder.Names.Qformer);
            Save(reader.MaskHead, ModelFolder.Names.MaskHead);
            Write(ModelFolder.Names.Understanding, JsonSerializer.Serialize(reader.Config with { LabelTemperature = labelTemperature }, EditorConfig.Json));
            Write(ModelFolder.Names.Tokenizer, File.ReadAllText(words).TrimEnd());
        }

        void Save(nn.Module network, string name) => StateDict.Save(network, Path.Combine(target, name), floatType: ScalarType.Float16);
        void Write(string name, string text) => File.WriteAllText(Path.Combine(target, name), text + "\n");
    }

    private static void Load(nn.Module network, string file)
    {
        using var weights = SafetensorsFile.Open(file);
        StateDict.Load(network, weights);
    }

    private static void WriteCard(string target, string method)
    {
        var path = Path.Combine(target, "card.json");
        var card = File.Exists(path) ? JsonNode.Parse(File.ReadAllText(path))!.AsObject() : [];
        var digests = new JsonObject();
        long bytes = 0;
        foreach (var file in Directory.GetFiles(target).Where(f => f != path).Order(StringComparer.Ordinal))
        {
            digests[Path.GetFileName(file)] = ModelFolder.DigestOf(file);
            bytes += new FileInfo(file).Length;
        }
        card["digests"] = digests;
        if (method != EditorVariants.Ours)
        {
            card["id"] = method;
            card["description"] = $"Another method's idea in flexedit-tiny's setting, to compare with: the same data, sizes and reading half, and a denoising network that sees {EditorVariants.Sees(method)}.";
            foreach (var own in (string[])["can", "cannot", "quality"])
                card.Remove(own);
        }
        File.WriteAllText(path, card.ToJsonString(EditorConfig.Json) + "\n");
        Console.WriteLine($"{target}: {bytes / 1e6:F1} MB in {digests.Count} files");
    }
}
