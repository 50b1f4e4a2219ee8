using static TorchSharp.torch;

namespace FlexEdit.Models.SmartEdit;

/// <summary>Positions on a grid as sines and cosines of random frequencies (Tancik et al. 2020), which are part of the checkpoint and are never drawn anew.</summary>
internal sealed class RandomFourierPositions : nn.Module
{
    private readonly Tensor positional_encoding_gaussian_matrix;

    public RandomFourierPositions(int width, Device? device)
        : base(nameof(RandomFourierPositions))
    {
        positional_encoding_gaussian_matrix = randn(2, width / 2, device: device);
        RegisterComponents();
    }

    /// <summary>Encodes the centres of a grid's places: [width, rows, columns], sines before cosines.</summary>
    public Tensor Forward(long rows, long columns)
    {
        using var scope = NewDisposeScope();
        var frequencies = positional_encoding_gaussian_matrix;
        Tensor Centres(long count) => ((arange(count, frequencies.dtype, frequencies.device) + 0.5) / count * 2) - 1;
        var places = stack([Centres(columns).expand(rows, columns), Centres(rows).unsqueeze(1).expand(rows, columns)], -1); // x first
        var angles = places.matmul(frequencies) * (2 * Math.PI);
        return cat([angles.sin(), angles.cos()], -1).permute(2, 0, 1).contiguous().MoveToOuterDisposeScope();
    }
}
