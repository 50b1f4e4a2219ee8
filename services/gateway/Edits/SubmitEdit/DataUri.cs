using System.Buffers;
using System.Buffers.Text;
using FlexEdit.Gateway.Uploads;
using FlexEdit.Platform.Problems;

namespace FlexEdit.Gateway.Edits.SubmitEdit;

/// <summary>Pictures inside a JSON body: <c>data:image/png;base64,…</c> (RFC 2397).</summary>
internal static class DataUri
{
    private const int LongestHead = 256;
    private const int Block = 48 * 1024; // A multiple of 4 base-64 characters.

    /// <summary>Decodes to a file, block by block.</summary>
    /// <param name="json">The string's bytes as they stand in the JSON, still with its escapes.</param>
    /// <param name="path">A new file.</param>
    /// <param name="limit">Most bytes of the picture.</param>
    /// <param name="field">The field's name in errors.</param>
    /// <exception cref="ProblemException">400, 413 or 422.</exception>
    public static Upload Save(ReadOnlySpan<byte> json, string path, long limit, string field)
    {
        var comma = json[..Math.Min(json.Length, LongestHead)].IndexOf((byte)',');
        if (!json.StartsWith("data:"u8) || comma < 0 || !Unescape(json[..comma]).EndsWith(";base64"u8))
            throw new ProblemException(Problem.Malformed($"{field} must be a data: URI with base64 data, 'data:image/png;base64,…', the id of an asset, or an https: URL.", field));

        using var writer = new UploadWriter(path, limit, field);
        Decode(json[(comma + 1)..], writer, field);
        return writer.Finish();
    }

    private static void Decode(ReadOnlySpan<byte> rest, UploadWriter writer, string field)
    {
        var text = new byte[Block];
        var bytes = new byte[Block / 4 * 3];
        var waiting = 0;
        while (true)
        {
            waiting += JsonEscapes.Read(ref rest, text.AsSpan(waiting));
            var last = rest.IsEmpty;
            var status = Base64.DecodeFromUtf8(text.AsSpan(0, waiting), bytes, out var used, out var made, last);
            if (status is not (OperationStatus.Done or OperationStatus.NeedMoreData) || (last && status != OperationStatus.Done) || (used == 0 && !last))
                throw new ProblemException(Problem.Malformed($"{field} is not valid base64 with its padding.", field));
            writer.Write(bytes.AsSpan(0, made));
            text.AsSpan(used, waiting - used).CopyTo(text);
            waiting -= used;
            if (last)
                return;
        }
    }

    private static ReadOnlySpan<byte> Unescape(ReadOnlySpan<byte> json)
    {
        var text = new byte[json.Length];
        return text.AsSpan(0, JsonEscapes.Read(ref json, text));
    }
}
