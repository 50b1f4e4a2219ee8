using System.Text.Json;
using FlexEdit.Contracts.Edits;
using FlexEdit.Platform.Objects;

namespace FlexEdit.Gateway.Doors.OpenAi;

/// <summary>A result from the object store into JSON, block by block.</summary>
internal static class StoredPicture
{
    private const int Block = 48 * 1024;

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
}
