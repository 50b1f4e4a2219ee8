using static TorchSharp.torch;

namespace FlexEdit.Models.Checkpoints;

/// <summary>Named tensors on disk: one safetensors file, or several that belong together. Safe to read from several threads.</summary>
public interface ICheckpoint : IDisposable
{
    /// <summary>The file or index that it was opened by.</summary>
    string Path { get; }

    /// <summary>The tensors by name. Offsets count within the file that holds the tensor.</summary>
    IReadOnlyDictionary<string, SafetensorsEntry> Tensors { get; }

    /// <summary>Reads one tensor into new CPU memory.</summary>
    /// <param name="name">Its name in the file.</param>
    /// <param name="type">The type to convert to; null keeps the file's.</param>
    /// <exception cref="KeyNotFoundException">There is no such tensor.</exception>
    Tensor Read(string name, ScalarType? type = null);

    /// <summary>
    /// Reads one tensor into memory that is there already, converting to its type and moving to its device in parts of 4 MiB, so that no second copy is made.
    /// </summary>
    /// <param name="name">Its name in the file.</param>
    /// <param name="target">Has as many elements; shapes are not compared. On any device but <c>meta</c>.</param>
    /// <exception cref="KeyNotFoundException">There is no such tensor.</exception>
    /// <exception cref="ArgumentException"><paramref name="target"/> has another number of elements.</exception>
    void CopyTo(string name, Tensor target);
}
