using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using System.Security.Cryptography;
using TorchSharp;
using static TorchSharp.torch;

namespace FlexEdit.Models.Checkpoints;

/// <summary>
/// A safetensors file, mapped into memory: opening it checks the header and nothing else is read; a tensor's bytes are read when it is asked for,
/// and their pages are given back at once, so that what stays resident is the tensors alone. Safe to read from several threads.
/// The file must not be shortened while it is open: the system ends a process that reads mapped bytes that are gone.
/// </summary>
public sealed class SafetensorsFile : ICheckpoint
{
    // Small enough to be no second copy, large enough that calls cost nothing.
    private const long PartBytes = 1L << 22;
    private const long AheadBytes = 1L << 24;

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly long _dataStart;

    private SafetensorsFile(string path, MemoryMappedFile file, MemoryMappedViewAccessor view, long dataStart,
        IReadOnlyDictionary<string, SafetensorsEntry> tensors, IReadOnlyDictionary<string, string> metadata) =>
        (Path, _file, _view, _dataStart, Tensors, Metadata) = (path, file, view, dataStart, tensors, metadata);

    /// <inheritdoc/>
    public string Path { get; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, SafetensorsEntry> Tensors { get; }

    /// <summary>The file's free text values (<c>__metadata__</c>); empty when it has none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>
    /// Whether every tensor begins on a multiple of its element's size. Older writers left that open, and such files are read all the same,
    /// because tensors are copied out of the map.
    /// </summary>
    public bool IsAligned => Tensors.Values.All(t => (_dataStart + t.Offset) % SafetensorsTypes.Of(t.Type).Size == 0);

    /// <summary>Opens a file and checks its header, names, types, shapes and offsets.</summary>
    /// <param name="path">The file.</param>
    /// <param name="sha256">Digest that the whole file must have, in hexadecimal; it is compared before anything in the file is believed. Null: not checked.</param>
    /// <exception cref="CheckpointException">
    /// It is a pickle file (refused, because reading one runs code from it), not a sound safetensors file, or not the one with this digest.
    /// </exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    public static SafetensorsFile Open(string path, string? sha256 = null)
    {
        PickleFiles.RefuseByName(path);
        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        MemoryMappedFile? file = null;
        MemoryMappedViewAccessor? view = null;
        try
        {
            var length = stream.Length;
            var dataStart = 8 + ReadHeaderLength(stream, length);
            if (sha256 is not null)
                CheckDigest(stream, sha256);
            file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
            view = file.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
            var (entries, metadata) = ParseHeader(view, dataStart, length);
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

    /// <inheritdoc/>
    public Tensor Read(string name, ScalarType? type = null)
    {
        var entry = Find(name);
        var tensor = empty(entry.Shape.ToArray(), type ?? entry.Type, CPU);
        CopyTo(name, tensor);
        return tensor;
    }

    /// <inheritdoc/>
    public void CopyTo(string name, Tensor target)
    {
        var entry = Find(name);
        var elements = target.NumberOfElements;
        var size = SafetensorsTypes.Of(entry.Type).Size;
        if (elements != entry.Length / size)
            throw new ArgumentException($"'{name}' has {entry.Length / size} elements, and the tensor to be filled {elements}.", nameof(target));
        if (elements == 0)
            return;
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var direct = target.is_contiguous() && target.device_type == DeviceType.CPU && target.dtype == entry.Type;
        // A tensor in another order (channels last) is filled from one in plain order.
        var flat = target.is_contiguous() ? target.view(-1) : empty(elements, target.dtype, target.device);
        var part = Math.Min(elements, PartBytes / size);
        var staging = direct ? null : empty(part, entry.Type, CPU);
        if (target.device_type == DeviceType.CUDA)
            staging = staging!.pin_memory();
        for (long done = 0; done < elements; done += part)
        {
            var count = Math.Min(part, elements - done);
            using var destination = flat.narrow(0, done, count);
            using var source = staging?.narrow(0, 0, count);
            CopyBytes(entry.Offset + done * size, (source ?? destination).bytes, entry.Length - done * size);
            if (source is not null)
                destination.copy_(source);
        }
        if (!target.is_contiguous())
            target.copy_(flat.view(target.shape));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }

    private SafetensorsEntry Find(string name) =>
        Tensors.TryGetValue(name, out var entry) ? entry : throw new KeyNotFoundException($"'{Path}' has no tensor named '{name}'.");

    private static long ReadHeaderLength(FileStream stream, long length)
    {
        if (length < 8)
            throw new CheckpointException($"it has {length} bytes, fewer than the 8 of the header's length");
        Span<byte> start = stackalloc byte[8];
        stream.ReadExactly(start);
        PickleFiles.RefuseByContent(start);
        var header = BinaryPrimitives.ReadUInt64LittleEndian(start);
        if (header > SafetensorsHeader.MaximumLength)
            throw new CheckpointException($"its header claims {header} bytes, more than the {SafetensorsHeader.MaximumLength} allowed");
        if ((long)header > length - 8)
            throw new CheckpointException($"its header claims {header} bytes, but only {length - 8} follow: it is truncated or not a safetensors file");
        return (long)header;
    }

    private static void CheckDigest(FileStream stream, string sha256)
    {
        stream.Position = 0;
        var found = Convert.ToHexStringLower(SHA256.HashData(stream));
        if (!string.Equals(found, sha256, StringComparison.OrdinalIgnoreCase))
            throw new CheckpointException($"its SHA-256 is {found}, but {sha256} was expected: it is another file or was altered");
    }

    private static unsafe (Dictionary<string, SafetensorsEntry>, Dictionary<string, string>) ParseHeader(MemoryMappedViewAccessor view, long dataStart, long length)
    {
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        try
        {
            return SafetensorsHeader.Parse(new ReadOnlySpan<byte>(start + view.PointerOffset + 8, (int)(dataStart - 8)), length - dataStart);
        }
        finally
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
        }
    }

    private unsafe void CopyBytes(long offset, Span<byte> target, long left)
    {
        byte* start = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        try
        {
            var source = start + _view.PointerOffset + _dataStart + offset;
            MappedPages.Announce(source + target.Length, Math.Min(AheadBytes, left - target.Length));
            MappedPages.Populate(source, target.Length);
            new ReadOnlySpan<byte>(source, target.Length).CopyTo(target);
            MappedPages.Release(source, target.Length);
        }
        finally
        {
            _view.SafeMemoryMappedViewHandle.ReleasePointer();
        }
    }
}
