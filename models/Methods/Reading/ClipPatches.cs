using FlexEdit.Models.Clip;
using static TorchSharp.torch;

namespace FlexEdit.Models.Methods.Reading;

/// <summary>The frozen CLIP image encoder of a painting half: the patches of a crop in front of any projector.</summary>
/// <param name="network">Loaded; belongs to this from now on.</param>
/// <param name="layer">Which hidden state is read; see <see cref="ClipEncoder.LayersFor"/>.</param>
/// <param name="side">Side of the crops in pixels.</param>
public sealed class ClipPatches(ClipVisionModel network, int layer, int side) : IDisposable
{
    /// <summary>The patches of a crop without the class token, row by row: [1, patches, width].</summary>
    /// <param name="crop">side·side·3 bytes RGB.</param>
    public Tensor Of(byte[] crop)
    {
        using var scope = NewDisposeScope();
        var states = network.HiddenState(ClipPictures.Ready([crop], side, network.Config, ClipPictures.WeightOf(network)), layer);
        return states.narrow(1, 1, states.shape[1] - 1).clone().MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => network.Dispose();
}
