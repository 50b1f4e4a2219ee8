using FlexEdit.Models.Checkpoints;
using TorchSharp;

namespace FlexEdit.Understanding.Edits;

/// <summary>The edit embedding e as it travels between the services: safetensors with the one tensor <c>edit_embedding</c> [N, D], float32.</summary>
internal static class EmbeddingFile
{
    /// <summary>Name of the tensor.</summary>
    public const string Tensor = "edit_embedding";

    /// <summary>Writes e.</summary>
    /// <param name="embedding">N · D values, row by row.</param>
    /// <param name="shape">N and D.</param>
    public static byte[] Write(float[] embedding, (int Tokens, int Width) shape)
    {
        var folder = Directory.CreateTempSubdirectory("flexedit-");
        try
        {
            var path = Path.Combine(folder.FullName, "embedding.safetensors");
            using (torch.NewDisposeScope())
            {
                var tensor = torch.tensor(embedding, [shape.Tokens, shape.Width]);
                SafetensorsWriter.Write(path, [new(Tensor, tensor)]);
            }
            return File.ReadAllBytes(path);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
