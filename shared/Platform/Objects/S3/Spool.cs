namespace FlexEdit.Platform.Objects.S3;

/// <summary>Seekable places for bytes of any length: small ones in memory, others in a temporary file that goes with its stream.</summary>
internal static class Spool
{
    private const int MemoryBytes = 1024 * 1024;
    private const int BufferBytes = 64 * 1024;

    /// <summary>An empty place.</summary>
    /// <param name="length">Expected length in bytes; null where nobody knows.</param>
    public static Stream Create(long? length) => length is <= MemoryBytes
        ? new MemoryStream((int)length)
        : new FileStream(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = BufferBytes,
            Options = FileOptions.Asynchronous | FileOptions.DeleteOnClose,
        });

    /// <summary>The rest of <paramref name="content"/> as a seekable stream, and whether the caller has to dispose it.</summary>
    public static async Task<(Stream Stream, bool IsOwn)> SeekableAsync(Stream content, CancellationToken cancellationToken)
    {
        if (content.CanSeek)
            return (content, false);
        var copy = Create(null);
        try
        {
            await content.CopyToAsync(copy, cancellationToken);
            copy.Position = 0;
            return (copy, true);
        }
        catch
        {
            await copy.DisposeAsync();
            throw;
        }
    }
}
