using static TorchSharp.torch;

namespace FlexEdit.Models.Checkpoints;

/// <summary>One tensor of a safetensors file, as its header describes it.</summary>
/// <param name="Name">Name in the file.</param>
/// <param name="Type">Element type in the file.</param>
/// <param name="Shape">Sizes of the dimensions, outermost first; empty for a scalar.</param>
/// <param name="Offset">First byte, counted from the end of the header.</param>
/// <param name="Length">Bytes: the product of <paramref name="Shape"/> times the size of an element.</param>
public sealed record SafetensorsEntry(string Name, ScalarType Type, IReadOnlyList<long> Shape, long Offset, long Length);
