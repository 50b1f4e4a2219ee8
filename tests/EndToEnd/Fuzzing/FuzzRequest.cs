using System.Globalization;
using System.Text;

namespace FlexEdit.Tests.EndToEnd.Fuzzing;

/// <summary>One request, made up.</summary>
internal sealed record FuzzRequest
{
    public required ApiOperation Operation { get; init; }

    /// <summary>Path and query, escaped.</summary>
    public required string Target { get; init; }

    /// <summary>Headers beside those of the body.</summary>
    public required IReadOnlyList<(string Name, string Value)> Headers { get; init; }

    /// <summary>The body; null for none.</summary>
    public byte[]? Body { get; init; }

    /// <summary>The body's Content-Type as it is sent; null for none.</summary>
    public string? ContentType { get; init; }

    /// <summary>Whose id is in the path.</summary>
    public bool IsForeign { get; init; }

    /// <summary>Why it breaks the document; null where it does not, or where that cannot be said.</summary>
    public string? Broken { get; init; }

    public HttpRequestMessage ToMessage(Uri server)
    {
        // As it stands: a client that tidies paths up would hide what the server does with them.
        var message = new HttpRequestMessage(new HttpMethod(Operation.Method), new Uri(server.GetLeftPart(UriPartial.Authority) + Target, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        if (Body is not null)
        {
            message.Content = new ByteArrayContent(Body);
            if (ContentType is not null)
                message.Content.Headers.TryAddWithoutValidation("Content-Type", ContentType);
        }

        foreach (var (name, value) in Headers)
        {
            if (!message.Headers.TryAddWithoutValidation(name, value))
                message.Content?.Headers.TryAddWithoutValidation(name, value);
        }
        return message;
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = new StringBuilder($"{Operation.Method} {Short(Target)}");
        foreach (var (name, value) in Headers.Where(header => header.Name != "Authorization"))
            text.Append(CultureInfo.InvariantCulture, $"\n  {name}: {Short(value)}");
        if (Body is not null)
            text.Append(CultureInfo.InvariantCulture, $"\n  Content-Type: {ContentType}, {Body.Length} bytes: {Short(Encoding.Latin1.GetString(Body))}");
        return text.ToString();
    }

    private static string Short(string text)
    {
        var shown = string.Concat(text.Take(600).Select(c => char.IsControl(c) && c != '\n' ? '·' : c));
        return text.Length > 600 ? $"{shown}…({text.Length})" : shown;
    }
}
