using FlexEdit.Models.Checkpoints;
using TorchSharp;

namespace FlexEdit.Generation.Edits;

/// <summary>The edit embedding e as the understanding service stored it: safetensors with the tensor <c>edit_embedding</c> [N, D].</summary>
internal static class EmbeddingFile
{
    private const string Tensor = "edit_embedding";

    /// <summary>Reads e: N · D values, row by row, and N and D.</summary>
    /// <exception cref="CheckpointException">It is no such file.</exception>
    public static (float[] Embedding, (int Tokens, int Width) Shape) Read(byte[] content)
    {
        var folder = Directory.CreateTempSubdirectory("flexedit-");
        try
        {
            var path = Path.Combine(folder.FullName, "embedding.safetensors");
            File.WriteAllBytes(path, content);
            using var file = SafetensorsFile.Open(path);
            if (!file.Tensors.TryGetValue(Tensor, out var entry) || entry.Shape.Count != 2)
                throw new CheckpointException($"The file has no tensor '{Tensor}' of two dimensions.");
            using var scope = torch.NewDisposeScope();
            var tensor = file.Read(Tensor, torch.ScalarType.Float32);
            return (tensor.data<float>().ToArray(), ((int)entry.Shape[0], (int)entry.Shape[1]));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
