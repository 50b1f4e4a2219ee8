using System.IO.MemoryMappedFiles;

namespace FlexEdit.Gateway.Edits.SubmitEdit;

/// <summary>
/// A file's bytes in place: a request of a hundred megabytes is parsed without a copy on the heap. At most 2 GiB.
/// </summary>
internal sealed unsafe class MappedFile : IDisposable
{
    private readonly MemoryMappedFile? _file;
    private readonly int _length;
    private readonly byte* _start;
    private readonly MemoryMappedViewAccessor? _view;

    public MappedFile(string path, int length)
    {
        _length = length;
        if (length == 0)
            return; // Nothing cannot be mapped.
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, mapName: null, capacity: 0, MemoryMappedFileAccess.Read);
        _view = _file.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
    }

    /// <summary>The bytes; not to be used after <see cref="Dispose"/>.</summary>
    public ReadOnlySpan<byte> Bytes => new(_start, _length);

    public void Dispose()
    {
        _view?.SafeMemoryMappedViewHandle.ReleasePointer();
        _view?.Dispose();
        _file?.Dispose();
    }
}
