using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using static TorchSharp.torch;

namespace FlexEdit.Models.Checkpoints;

/// <summary>
/// A safetensors file, mapped into memory: opening it reads and checks only the header, and a tensor's bytes are read when it is asked for.
/// Safe to read from several threads.
/// </summary>
public sealed class SafetensorsFile : IDisposable
{
    private static readonly string[] PickleExtensions = [".bin", ".ckpt", ".pt", ".pth", ".pkl", ".pickle"];

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly long _dataStart;

    private SafetensorsFile(string path, MemoryMappedFile file, MemoryMappedViewAccessor view, long dataStart,
        IReadOnlyDictionary<string, SafetensorsEntry> tensors, IReadOnlyDictionary<string, string> metadata) =>
        (Path, _file, _view, _dataStart, Tensors, Metadata) = (path, file, view, dataStart, tensors, metadata);

    /// <summary>The path it was opened by.</summary>
    public string Path { get; }

    /// <summary>The tensors by name.</summary>
    public IReadOnlyDictionary<string, SafetensorsEntry> Tensors { get; }

    /// <summary>The file's free text values (<c>__metadata__</c>); empty when it has none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Opens a file and checks its header, names, types, shapes and offsets.</summary>
    /// <exception cref="CheckpointException">It is a pickle file (refused, because reading one runs code from it) or not a sound safetensors file.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static SafetensorsFile Open(string path)
    {
        if (PickleExtensions.Contains(System.IO.Path.GetExtension(path), StringComparer.OrdinalIgnoreCase))
            throw new CheckpointException($"'{path}' is named as a pickle file. Pickle files can run code while they are read and are never opened; convert it to .safetensors first.");
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        var length = stream.Length;
        MemoryMappedFile? file = null;
        MemoryMappedViewAccessor? view = null;
        try
        {
            if (length < 8)
                throw new CheckpointException($"it has {length} bytes, fewer than the 8 of the header's length");
            var start = new byte[8];
            stream.ReadExactly(start);
            if (start is [(byte)'P', (byte)'K', 3, 4, ..] or [0x80, >= 2 and <= 5, (byte)'c' or (byte)'}' or (byte)'X' or 0x8a or 0x95, ..])
                throw new CheckpointException("its content is a pickle file. Pickle files can run code while they are read and are never opened; convert it to .safetensors first");
            var headerLength = BinaryPrimitives.ReadUInt64LittleEndian(start);
            if (headerLength > SafetensorsHeader.MaximumLength)
                throw new CheckpointException($"its header claims {headerLength} bytes, more than the {SafetensorsHeader.MaximumLength} allowed");
            if ((long)headerLength > length - 8)
                throw new CheckpointException($"its header claims {headerLength} bytes, but only {length - 8} follow: it is truncated or not a safetensors file");
            var header = new byte[(int)headerLength];
            stream.ReadExactly(header);
            var dataStart = 8 + (long)headerLength;
            var (entries, metadata) = SafetensorsHeader.Parse(header, length - dataStart);
            file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
            view = file.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
            return new SafetensorsFile(path, file, view, dataStart, entries, metadata);
        }
        catch (Exception problem)
        {
            view?.Dispose();
            file?.Dispose();
            stream.Dispose();
            if (problem is CheckpointException)
                throw new CheckpointException($"'{path}' cannot be read: {problem.Message}.", problem);
            throw;
        }
    }

    /// <summary>Reads one tensor into new CPU memory.</summary>
    /// <param name="name">Its name in the file.</param>
    /// <param name="type">The type to convert to; null keeps the file's.</param>
    /// <exception cref="KeyNotFoundException">The file has no such tensor.</exception>
    public Tensor Read(string name, ScalarType? type = null)
    {
        if (!Tensors.TryGetValue(name, out var entry))
            throw new KeyNotFoundException($"'{Path}' has no tensor named '{name}'.");
        var tensor = empty(entry.Shape.ToArray(), entry.Type, CPU);
        CopyBytes(entry, tensor);
        return type is { } wanted && wanted != entry.Type ? tensor.to(wanted, disposeAfter: true) : tensor;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }

    private unsafe void CopyBytes(SafetensorsEntry entry, Tensor tensor)
    {
        // A span holds at most 2 GiB, so a large tensor is copied in parts.
        const long PartBytes = 1L << 30;
        if (entry.Length == 0)
            return;
        var elementSize = tensor.ElementSize;
        using var flat = tensor.view(-1);
        byte* start = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        try
        {
            var source = start + _view.PointerOffset + _dataStart + entry.Offset;
            for (long done = 0; done < entry.Length; done += PartBytes)
            {
                var bytes = Math.Min(PartBytes, entry.Length - done);
                using var part = flat.narrow(0, done / elementSize, bytes / elementSize);
                new ReadOnlySpan<byte>(source + done, (int)bytes).CopyTo(part.bytes);
            }
        }
        finally
        {
            _view.SafeMemoryMappedViewHandle.ReleasePointer();
        }
    }
}
