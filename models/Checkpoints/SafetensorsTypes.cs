using static TorchSharp.torch;

namespace FlexEdit.Models.Checkpoints;

/// <summary>The element types of safetensors files that are read and written, and their torch counterparts.</summary>
internal static class SafetensorsTypes
{
    private static readonly (string Name, ScalarType Type, int Size)[] All =
    [
        ("F64", ScalarType.Float64, 8),
        ("F32", ScalarType.Float32, 4),
        ("F16", ScalarType.Float16, 2),
        ("BF16", ScalarType.BFloat16, 2),
        ("I64", ScalarType.Int64, 8),
        ("I32", ScalarType.Int32, 4),
        ("I16", ScalarType.Int16, 2),
        ("I8", ScalarType.Int8, 1),
        ("U8", ScalarType.Byte, 1),
        ("BOOL", ScalarType.Bool, 1),
    ];

    /// <summary>The names, for messages.</summary>
    public static string Known => string.Join(", ", All.Select(t => t.Name));

    /// <summary>The torch type and the bytes per element of a name, or null when it is not one of <see cref="Known"/>.</summary>
    public static (ScalarType Type, int Size)? Find(string name)
    {
        foreach (var known in All)
            if (known.Name == name)
                return (known.Type, known.Size);
        return null;
    }

    /// <summary>The name and the bytes per element of a torch type.</summary>
    /// <exception cref="NotSupportedException">The type has no safetensors counterpart here.</exception>
    public static (string Name, int Size) Of(ScalarType type)
    {
        foreach (var known in All)
            if (known.Type == type)
                return (known.Name, known.Size);
        throw new NotSupportedException($"Tensors of type {type} are not written to safetensors; convert to one of {Known}.");
    }
}
