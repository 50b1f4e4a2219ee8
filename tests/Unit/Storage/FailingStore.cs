using FlexEdit.Platform.Objects;

namespace FlexEdit.Tests.Unit.Storage;

/// <summary>An object store that fails after some removals.</summary>
internal sealed class FailingStore(IObjectStore objects) : IObjectStore
{
    /// <summary>Removals that still succeed.</summary>
    public int FailAfter { get; set; } = int.MaxValue;

    public Task PutAsync(string key, Stream content, string contentType, CancellationToken cancellationToken) => objects.PutAsync(key, content, contentType, cancellationToken);

    public Task<StoredObject?> OpenAsync(string key, CancellationToken cancellationToken) => objects.OpenAsync(key, cancellationToken);

    public Task<bool> ExistsAsync(string key, CancellationToken cancellationToken) => objects.ExistsAsync(key, cancellationToken);

    public Task DeleteAsync(string key, CancellationToken cancellationToken)
    {
        Count();
        return objects.DeleteAsync(key, cancellationToken);
    }

    public Task<long> DeleteUnderAsync(string prefix, CancellationToken cancellationToken)
    {
        Count();
        return objects.DeleteUnderAsync(prefix, cancellationToken);
    }

    public Task CheckAsync(CancellationToken cancellationToken) => objects.CheckAsync(cancellationToken);

    private void Count()
    {
        if (FailAfter-- <= 0)
            throw new ObjectStoreException("The object store is away.");
    }
}
