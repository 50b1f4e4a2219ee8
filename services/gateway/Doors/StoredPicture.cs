using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using FlexEdit.Contracts.Edits;
using FlexEdit.Platform.Objects;

namespace FlexEdit.Gateway.Doors;

/// <summary>A result from the object store into an answer, block by block.</summary>
internal static class StoredPicture
{
    private const int Block = 48 * 1024; // Whole groups of 3 bytes.

    /// <summary>Opens a result.</summary>
    /// <exception cref="ObjectStoreException">It is not there, or the store is away.</exception>
    public static async Task<StoredObject> OpenAsync(IObjectStore objects, EditOutput output, CancellationToken cancellationToken) =>
        await objects.OpenAsync(output.Key, cancellationToken) ?? throw new ObjectStoreException("A result is no longer stored.");

    /// <summary>Writes its bytes as a base64 string under <paramref name="name"/>.</summary>
    public static async Task WriteAsync(Utf8JsonWriter json, string name, StoredObject picture, CancellationToken cancellationToken)
    {
        json.WritePropertyName(name);
        var block = new byte[Block];
        int read;
        while ((read = await picture.Content.ReadAsync(block, cancellationToken)) > 0)
        {
            json.WriteBase64StringSegment(block.AsSpan(0, read), isFinalSegment: false);
            await json.FlushAsync(cancellationToken);
        }

        json.WriteBase64StringSegment([], isFinalSegment: true);
    }

    /// <summary>Writes it as a <c>data:</c> URI, a string of a list.</summary>
    public static async Task WriteDataUriAsync(Utf8JsonWriter json, string contentType, StoredObject picture, CancellationToken cancellationToken)
    {
        json.WriteStringValueSegment(Head(contentType), isFinalSegment: false);
        await foreach (var text in Base64Async(picture, cancellationToken))
        {
            json.WriteStringValueSegment(text.Span, isFinalSegment: false);
            await json.FlushAsync(cancellationToken);
        }
        json.WriteStringValueSegment(ReadOnlySpan<byte>.Empty, isFinalSegment: true);
    }

    /// <summary>Writes it as a <c>data:</c> URI.</summary>
    public static async Task WriteDataUriAsync(Stream stream, string contentType, StoredObject picture, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(Head(contentType), cancellationToken);
        await foreach (var text in Base64Async(picture, cancellationToken))
            await stream.WriteAsync(text, cancellationToken);
    }

    private static byte[] Head(string contentType) => Encoding.ASCII.GetBytes($"data:{contentType};base64,");

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> Base64Async(
        StoredObject picture, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (block, text) = (new byte[Block], new byte[Base64.GetMaxEncodedToUtf8Length(Block)]);
        int read;
        // Only the last block may be shorter: padding is the text's end.
        while ((read = await picture.Content.ReadAtLeastAsync(block, Block, throwOnEndOfStream: false, cancellationToken)) > 0)
        {
            Base64.EncodeToUtf8(block.AsSpan(0, read), text, out _, out var written);
            yield return text.AsMemory(0, written);
        }
    }
}
