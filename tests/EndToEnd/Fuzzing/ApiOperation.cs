using System.Text.Json.Nodes;
using FlexEdit.Tests.EndToEnd.Hosting;

namespace FlexEdit.Tests.EndToEnd.Fuzzing;

/// <summary>An operation as docs/openapi.json declares it.</summary>
/// <param name="Method">Its method, in upper case.</param>
/// <param name="Path">Its path, with parameters in braces.</param>
/// <param name="Node">All that the document says of it.</param>
internal sealed record ApiOperation(string Method, string Path, JsonObject Node)
{
    /// <summary>Its name.</summary>
    public string Id => (string)Node["operationId"]!;

    /// <summary>Path, query and header parameters.</summary>
    public IReadOnlyList<JsonObject> Parameters { get; } = [.. Node["parameters"]?.AsArray().Select(one => one!.AsObject()) ?? []];

    /// <summary>What may be sent, by media type; a null schema means bytes.</summary>
    public IReadOnlyList<(string Type, JsonObject? Schema)> Bodies { get; } =
        [.. Node["requestBody"]?["content"]?.AsObject().Select(content => (content.Key, content.Value!["schema"]?.AsObject())) ?? []];

    /// <summary>Whether a request without a body breaks the document.</summary>
    public bool NeedsBody => (bool?)Node["requestBody"]?["required"] == true;

    /// <summary>Whether it is one of a tenant's, and so has limits.</summary>
    public bool NeedsKey => Node["security"] is null;

    /// <summary>What it may answer, by status.</summary>
    public JsonObject Responses => Node["responses"]!.AsObject();

    /// <inheritdoc/>
    public override string ToString() => $"{Method} {Path}";
}

/// <summary>The committed document.</summary>
internal sealed class ApiDescription
{
    private readonly JsonObject _document = JsonNode.Parse(File.ReadAllText(System.IO.Path.Combine(Checkout.Root, "docs", "openapi.json")))!.AsObject();

    /// <summary>Every operation, in the document's order.</summary>
    public IReadOnlyList<ApiOperation> Operations => field ??=
        [.. from path in _document["paths"]!.AsObject() from method in path.Value!.AsObject() select new ApiOperation(method.Key.ToUpperInvariant(), path.Key, method.Value!.AsObject())];

    /// <summary>The headers that answers refer to, by name.</summary>
    public JsonObject Headers => _document["components"]!["headers"]!.AsObject();

    /// <summary>The schemas that others refer to, by name.</summary>
    public JsonObject Components => _document["components"]!["schemas"]!.AsObject();

    /// <summary>A schema, or the component that it refers to.</summary>
    public JsonObject Resolve(JsonObject schema) =>
        (string?)schema["$ref"] is { } reference ? Components[reference[(reference.LastIndexOf('/') + 1)..]]!.AsObject() : schema;
}
