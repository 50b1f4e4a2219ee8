using FlexEdit.Models.Checkpoints;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Parity.Lora;

/// <summary>A safetensors file that lives as long as a test.</summary>
internal sealed class TemporaryWeights : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("flexedit-weights").FullName;

    private TemporaryWeights(Dictionary<string, Tensor> tensors)
    {
        var path = Path.Combine(_folder, "weights.safetensors");
        SafetensorsWriter.Write(path, tensors);
        Weights = SafetensorsFile.Open(path);
    }

    public SafetensorsFile Weights { get; }

    public static TemporaryWeights Write(Dictionary<string, Tensor> tensors) => new(tensors);

    public void Dispose()
    {
        Weights.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
