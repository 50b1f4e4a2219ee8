using System.Text.Json;
using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Editing;
using FlexEdit.Models.Methods.Parts;
using static TorchSharp.torch;

namespace FlexEdit.Models.Methods;

/// <summary>The networks of a folder of our own form (<c>flexedit-tiny</c>): one file each beside the card.</summary>
internal static class TinyParts
{
    public static void ReadAll(MethodFolder folder, IPartReader reader)
    {
        using var editor = new EditorNetworks(Config<EditorConfig>(folder, ModelFolder.Names.Editor));
        Read(editor.Autoencoder, ModelFolder.Names.Vae);
        Read(editor.ImageEncoder, ModelFolder.Names.ImageEncoder);
        Read(editor.Adapter, ModelFolder.Names.Adapter);
        Read(editor.Unet, ModelFolder.Names.Unet);
        using var understanding = new UnderstandingNetworks(Config<UnderstandingConfig>(folder, ModelFolder.Names.Understanding));
        Read(understanding.Vllm, ModelFolder.Names.Vllm, understanding.Vllm.NameInNetwork);
        Read(understanding.QFormer, ModelFolder.Names.Qformer);
        Read(understanding.MaskHead, ModelFolder.Names.MaskHead);
        folder.Checked(ModelFolder.Names.Tokenizer);
        folder.Checked(ModelFolder.Names.Scheduler);

        void Read<T>(T network, string file, Func<string, string?>? rename = null)
            where T : nn.Module
        {
            ICheckpoint? opened = null;
            try
            {
                // Small enough to be built with memory; that it is there already changes nothing for the reader.
                reader.Read(new PartPlace(Path.GetFileNameWithoutExtension(file), "", Path.GetFileNameWithoutExtension(file)), ScalarType.Float32,
                    _ => network, _ => new WeightsSource(opened = folder.OpenWeights(file), Rename: rename));
            }
            finally
            {
                opened?.Dispose();
            }
        }
    }

    private static T Config<T>(MethodFolder folder, string name)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(folder.ReadText(name), EditorConfig.Json) ?? throw new CheckpointException($"'{folder.At(name)}' is empty.");
        }
        catch (JsonException problem)
        {
            throw new CheckpointException($"'{folder.At(name)}' cannot be used: {problem.Message}", problem);
        }
    }
}
