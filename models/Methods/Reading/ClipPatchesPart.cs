using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Clip;
using FlexEdit.Models.Methods.Parts;

namespace FlexEdit.Models.Methods.Reading;

/// <summary>The frozen CLIP image encoder of a model folder: a published folder of the whole of CLIP, or an ONNX file where the card says so.</summary>
/// <param name="Folder">The model.</param>
/// <param name="Weights">Opens its files.</param>
/// <param name="Name">The encoder's name and folder.</param>
/// <param name="Config">Its sizes.</param>
/// <param name="Layer">Which hidden state is read.</param>
internal sealed record ClipPatchesPart(MethodFolder Folder, OpenedWeights Weights, string Name, ClipVisionConfig Config, int Layer)
{
    /// <summary>Loads the encoder, to be run by what the card says.</summary>
    /// <exception cref="CheckpointException">A file is missing, is not the one that the card names, or does not fit.</exception>
    public ClipPatches Load(IPartReader loader) => Folder.OnnxEncoder(Name) is { } onnx
        ? ClipPatches.FromOnnx(Folder, onnx, Config, Layer)
        : new ClipPatches(Network(loader), Layer, Folder.Resolution);

    /// <summary>Lets a reader go over the encoder, where it is our own network.</summary>
    public void Read(IPartReader reader)
    {
        if (Folder.OnnxEncoder(Name) is null)
            Network(reader).Dispose();
    }

    private ClipVisionModel Network(IPartReader reader) => reader.Read(
        new PartPlace(Name, Name, "model"), Folder.Type,
        device => new ClipVisionModel(Config, device, Folder.Type),
        _ => new WeightsSource(Weights.Open(Name), Rename: ClipNames.OfVision));
}
