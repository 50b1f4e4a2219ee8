using System.Text.Json.Nodes;
using FlexEdit.ApiDocument.Schemas;

namespace FlexEdit.ApiDocument.Operations;

/// <summary>One operation of the public API.</summary>
/// <param name="Method">GET, POST, PATCH or DELETE.</param>
/// <param name="Path">Its path, with parameters in braces.</param>
/// <param name="Id">Its name for generated clients.</param>
/// <param name="Tag">The group that it belongs to.</param>
/// <param name="Summary">What it does, in a line.</param>
internal sealed record Operation(string Method, string Path, string Id, string Tag, string Summary)
{
    /// <summary>More about it.</summary>
    public required string Description { get; init; }
    /// <summary>Path, query and header parameters.</summary>
    public IReadOnlyList<Parameter> Parameters { get; init; } = [];
    /// <summary>What may be sent; empty where nothing is.</summary>
    public IReadOnlyList<Content> Body { get; init; } = [];
    /// <summary>Whether the body may be left out.</summary>
    public bool BodyIsOptional { get; init; }
    /// <summary>The answers that are no errors.</summary>
    public required IReadOnlyList<Answer> Answers { get; init; }
    /// <summary>The codes of its errors beside those that every operation may have.</summary>
    public IReadOnlyList<(int Status, string Code)> Errors { get; init; } = [];
    /// <summary>False for what is open to everybody and reads no key.</summary>
    public bool NeedsKey { get; init; } = true;
    /// <summary>False where errors have another shape than this API's problems (the compatible doors).</summary>
    public Func<SchemaBook, JsonObject>? ErrorShape { get; init; }
    /// <summary>Media type of errors in another shape.</summary>
    public string ErrorType { get; init; } = "application/json";
}

/// <summary>A parameter.</summary>
/// <param name="Name">Its name.</param>
/// <param name="In">path, query or header.</param>
/// <param name="Description">What it is.</param>
/// <param name="Schema">Its JSON schema.</param>
/// <param name="Example">One that could be sent.</param>
internal sealed record Parameter(string Name, string In, string Description, string Schema, JsonNode Example);

/// <summary>A body of one media type.</summary>
/// <param name="Type">The media type.</param>
/// <param name="Schema">Its JSON schema; null for bytes.</param>
/// <param name="Example">One that could be sent or received, as JSON.</param>
internal sealed record Content(string Type, Func<SchemaBook, JsonObject>? Schema = null, string? Example = null);

/// <summary>An answer that is no error.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Description">When it comes and what it says.</param>
internal sealed record Answer(int Status, string Description)
{
    /// <summary>Its body, by media type; empty for none.</summary>
    public IReadOnlyList<Content> Body { get; init; } = [];
    /// <summary>Headers that it always has: name and what it says.</summary>
    public IReadOnlyList<(string Name, string Description)> Headers { get; init; } = [];
    /// <summary>Headers that it has where there is something to say.</summary>
    public IReadOnlyList<(string Name, string Description)> PerhapsHeaders { get; init; } = [];
}
