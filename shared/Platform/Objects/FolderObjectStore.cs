using Microsoft.Extensions.Options;

namespace FlexEdit.Platform.Objects;

/// <summary>
/// An object store in a folder: <c>objects/</c> holds the bytes, <c>types/</c> the media types that a key's extension does not say,
/// <c>partial/</c> what is still being written. An object appears by one rename of a synced file, so that a reader sees all of it or nothing.
/// Safe for several processes on one folder.
/// </summary>
public sealed class FolderObjectStore : IObjectStore
{
    private const int BufferBytes = 128 * 1024;
    private static readonly TimeSpan AbandonedAfter = TimeSpan.FromDays(1);
    private readonly string _root;
    private readonly TimeProvider _time;

    /// <summary>Uses the folder of <paramref name="options"/>; it is made when the first object is stored.</summary>
    public FolderObjectStore(IOptions<ObjectStoreOptions> options, TimeProvider time)
    {
        _root = Path.GetFullPath(options.Value.Folder!);
        _time = time;
        RemoveAbandoned();
    }

    private string Partial => Path.Combine(_root, "partial");

    /// <inheritdoc/>
    public async Task PutAsync(string key, Stream content, string contentType, CancellationToken cancellationToken)
    {
        var target = FileOf(key);
        if (File.Exists(target))
            return;
        try
        {
            if (contentType != MediaTypes.OfKey(key))
            {
                // First the type: an object that can be seen has its type.
                using var type = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(contentType));
                await WriteAsync(TypeFileOf(key), type, cancellationToken);
            }
            await WriteAsync(target, content, cancellationToken);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw FolderFaults.Explain(error, _root);
        }
    }

    /// <inheritdoc/>
    public async Task<StoredObject?> OpenAsync(string key, CancellationToken cancellationToken)
    {
        var file = FileOf(key);
        try
        {
            var content = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, BufferBytes,
                FileOptions.Asynchronous);
            var typeFile = TypeFileOf(key);
            var type = File.Exists(typeFile) ? await File.ReadAllTextAsync(typeFile, cancellationToken) : MediaTypes.OfKey(key);
            return new StoredObject(content, content.Length, type);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw FolderFaults.Explain(error, _root);
        }
    }

    /// <inheritdoc/>
    public Task<bool> ExistsAsync(string key, CancellationToken cancellationToken) => Task.FromResult(File.Exists(FileOf(key)));

    /// <inheritdoc/>
    public Task DeleteAsync(string key, CancellationToken cancellationToken)
    {
        Remove(() =>
        {
            foreach (var file in new[] { FileOf(key), TypeFileOf(key) })
            {
                if (!File.Exists(file))
                    continue;
                File.Delete(file);
                RemoveEmptyFolders(Path.GetDirectoryName(file)!);
            }
        });
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<long> DeleteUnderAsync(string prefix, CancellationToken cancellationToken)
    {
        var count = 0L;
        Remove(() =>
        {
            foreach (var folder in new[] { FileOf(prefix), TypeFileOf(prefix) })
            {
                if (!Directory.Exists(folder))
                    continue;
                if (folder == FileOf(prefix))
                    count = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).LongCount();
                Directory.Delete(folder, recursive: true);
                RemoveEmptyFolders(Path.GetDirectoryName(folder)!);
            }
        });
        return Task.FromResult(count);
    }

    /// <inheritdoc/>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(Partial);
            var probe = NewPartial();
            await File.WriteAllBytesAsync(probe, [1], cancellationToken);
            File.Delete(probe);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw FolderFaults.Explain(error, _root);
        }
    }

    private async Task WriteAsync(string target, Stream content, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Partial);
        var partial = NewPartial();
        try
        {
            var options = new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                BufferSize = 0,
                Options = FileOptions.Asynchronous,
            };
            await using (var file = new FileStream(partial, options))
            {
                await content.CopyToAsync(file, BufferBytes, cancellationToken);
                file.Flush(flushToDisk: true);
            }
            MoveIntoPlace(partial, target);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    private static void MoveIntoPlace(string partial, string target)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                MakeFolder(Path.GetDirectoryName(target)!);
                File.Move(partial, target, overwrite: false);
                DirectorySync.Flush(Path.GetDirectoryName(target)!);
                return;
            }
            catch (IOException) when (File.Exists(target))
            {
                return; // Another writer was first; the object is immutable, so it stands.
            }
            catch (DirectoryNotFoundException) when (tries < 10)
            {
                // A deletion took the empty folder away between the two calls.
            }
        }
    }

    private static void MakeFolder(string folder)
    {
        if (Directory.Exists(folder))
            return;
        var parent = Path.GetDirectoryName(folder)!;
        MakeFolder(parent);
        Directory.CreateDirectory(folder);
        DirectorySync.Flush(parent);
    }

    private void RemoveEmptyFolders(string folder)
    {
        // Never the two top folders; a folder that is not empty ends the walk.
        while (Path.GetDirectoryName(folder) is { } parent && parent.Length > _root.Length && !Directory.EnumerateFileSystemEntries(folder).Any())
        {
            Directory.Delete(folder);
            folder = parent;
        }
    }

    private void Remove(Action remove)
    {
        try
        {
            remove();
        }
        catch (Exception error) when (error is DirectoryNotFoundException or FileNotFoundException)
        {
            // Somebody else removed it first.
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw FolderFaults.Explain(error, _root);
        }
    }

    private void RemoveAbandoned()
    {
        if (!Directory.Exists(Partial))
            return;
        var now = _time.GetUtcNow();
        foreach (var file in new DirectoryInfo(Partial).EnumerateFiles().Where(f => now - f.LastWriteTimeUtc > AbandonedAfter))
            Remove(file.Delete);
    }

    private string NewPartial() => Path.Combine(Partial, Guid.CreateVersion7(_time.GetUtcNow()).ToString("n"));

    private string FileOf(string key) => Path.Combine(_root, "objects", Checked(key));

    private string TypeFileOf(string key) => Path.Combine(_root, "types", Checked(key));

    private static string Checked(string key) => ObjectKeys.IsWellFormed(key)
        ? key
        : throw new ArgumentException("An object key consists of parts [a-z0-9._-] joined by '/', none beginning with a dot.", nameof(key));
}
