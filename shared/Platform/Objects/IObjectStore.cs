namespace FlexEdit.Platform.Objects;

/// <summary>
/// Where pictures and embeddings live. Keys are relative paths of <c>[a-z0-9._-]</c> parts joined by <c>/</c>.
/// Objects are immutable: writing an existing key again leaves what is there.
/// </summary>
public interface IObjectStore
{
    /// <summary>Stores <paramref name="content"/> (never held whole in memory). Visible only when complete, and durable when the call returns.</summary>
    /// <exception cref="ObjectStoreException">The store refused or is away.</exception>
    Task PutAsync(string key, Stream content, string contentType, CancellationToken cancellationToken);

    /// <summary>Opens an object for reading; seekable. Null when there is none.</summary>
    Task<StoredObject?> OpenAsync(string key, CancellationToken cancellationToken);

    /// <summary>Whether there is an object under <paramref name="key"/>.</summary>
    Task<bool> ExistsAsync(string key, CancellationToken cancellationToken);

    /// <summary>Removes an object; nothing happens when there is none.</summary>
    Task DeleteAsync(string key, CancellationToken cancellationToken);

    /// <summary>Removes every object whose key starts with <paramref name="prefix"/> and a <c>/</c>. Returns how many there were.</summary>
    Task<long> DeleteUnderAsync(string prefix, CancellationToken cancellationToken);

    /// <summary>A link under which a client can fetch the object from the store itself for some minutes; null where the store has none to give.</summary>
    ValueTask<Uri?> LinkAsync(string key, CancellationToken cancellationToken) => ValueTask.FromResult<Uri?>(null);

    /// <summary>Throws when the store cannot be written now (readiness probe).</summary>
    Task CheckAsync(CancellationToken cancellationToken);
}

/// <summary>An open object.</summary>
/// <param name="Content">Its bytes; seekable.</param>
/// <param name="Length">Their number.</param>
/// <param name="ContentType">Media type given when it was stored.</param>
public sealed record StoredObject(Stream Content, long Length, string ContentType) : IAsyncDisposable
{
    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Content.DisposeAsync();
}

/// <summary>The object store refused, is full or is away. The message is a sentence for a person.</summary>
public sealed class ObjectStoreException(string message, Exception? inner = null) : Exception(message, inner);
