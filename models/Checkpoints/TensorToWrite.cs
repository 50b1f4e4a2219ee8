using static TorchSharp.torch;

namespace FlexEdit.Models.Checkpoints;

/// <summary>A tensor that is to be written and need not be in memory yet.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Type">Its type in the file.</param>
/// <param name="Shape">Sizes of the dimensions, outermost first.</param>
/// <param name="Read">
/// Gives the value, of any type, in this shape; called once, when its turn comes, and the result is disposed of.
/// </param>
public sealed record TensorToWrite(string Name, ScalarType Type, IReadOnlyList<long> Shape, Func<Tensor> Read)
{
    /// <summary>A tensor that is in memory; the caller keeps it.</summary>
    /// <param name="name">Its name in the file.</param>
    /// <param name="value">From any device, of any layout.</param>
    /// <param name="floatType">What floating-point values are converted to; null keeps the type.</param>
    public static TensorToWrite Of(string name, Tensor value, ScalarType? floatType = null) =>
        new(name, TypeOf(value.dtype, floatType), value.shape, value.alias);

    /// <summary>A tensor of a checkpoint, read when its turn comes.</summary>
    /// <param name="source">Stays open until everything is written.</param>
    /// <param name="entry">Which one.</param>
    /// <param name="floatType">What floating-point values are converted to; null keeps the type.</param>
    /// <param name="name">Its new name; null keeps it.</param>
    public static TensorToWrite From(ICheckpoint source, SafetensorsEntry entry, ScalarType? floatType = null, string? name = null)
    {
        var type = TypeOf(entry.Type, floatType);
        return new(name ?? entry.Name, type, entry.Shape, () => source.Read(entry.Name, type));
    }

    internal long Length => Shape.Aggregate((long)SafetensorsTypes.Of(Type).Size, (product, size) => product * size);

    private static ScalarType TypeOf(ScalarType own, ScalarType? floatType)
    {
        if (floatType is not (null or ScalarType.Float32 or ScalarType.Float16 or ScalarType.BFloat16))
            throw new ArgumentException($"Weights are stored as Float32, Float16 or BFloat16, not {floatType}.", nameof(floatType));
        return floatType is { } wanted && own is (ScalarType.Float64 or ScalarType.Float32 or ScalarType.Float16 or ScalarType.BFloat16) ? wanted : own;
    }
}
