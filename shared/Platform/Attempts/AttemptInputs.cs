using System.Security.Cryptography;
using FlexEdit.Platform.Objects;

namespace FlexEdit.Platform.Attempts;

/// <summary>Reads what an attempt works on.</summary>
public static class AttemptInputs
{
    /// <summary>The whole of an object.</summary>
    /// <param name="objects">Where it is.</param>
    /// <param name="key">Its key.</param>
    /// <param name="name">What it is, for the sentence: <c>scene</c>, <c>mask</c>.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="AttemptException">There is no such object.</exception>
    /// <exception cref="ObjectStoreException">The store is away, or returns other bytes than were uploaded.</exception>
    public static async Task<byte[]> ReadInputAsync(this IObjectStore objects, string key, string name, CancellationToken cancellationToken)
    {
        await using var found = await objects.OpenAsync(key, cancellationToken).ConfigureAwait(false)
            ?? throw new AttemptException(AttemptErrors.InputUnreadable(name));
        var bytes = new byte[found.Length];
        await found.Content.ReadExactlyAsync(bytes, cancellationToken).ConfigureAwait(false);
        // Whatever the store, its disk and the way from it did: the key says what the bytes have to be.
        if (ObjectKeys.DigestOf(key) is { } digest && Convert.ToHexStringLower(SHA256.HashData(bytes)) != digest)
            throw new ObjectStoreException($"The stored {name} is not what was uploaded: its digest differs.");
        return bytes;
    }

    /// <summary>Stores bytes.</summary>
    public static async Task PutAsync(this IObjectStore objects, string key, byte[] content, string contentType, CancellationToken cancellationToken)
    {
        using var stream = new MemoryStream(content, writable: false);
        await objects.PutAsync(key, stream, contentType, cancellationToken).ConfigureAwait(false);
    }
}
