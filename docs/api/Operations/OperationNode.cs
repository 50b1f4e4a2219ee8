using System.Text.Json.Nodes;
using FlexEdit.ApiDocument.Schemas;
using FlexEdit.Contracts.Errors;

namespace FlexEdit.ApiDocument.Operations;

/// <summary>An operation as the document writes it.</summary>
internal static class OperationNode
{
    private static readonly (int Status, string Code)[] s_everywhere =
        [(400, ErrorCodes.Malformed), (500, ErrorCodes.Internal), (503, ErrorCodes.Unavailable)];

    private static readonly (int Status, string Code)[] s_withKeys =
    [
        (401, ErrorCodes.Unauthorized), (401, ErrorCodes.KeyMalformed), (401, ErrorCodes.KeyUnknown), (403, ErrorCodes.ScopeMissing),
        (429, ErrorCodes.TooManyRequests),
    ];

    private static readonly (int Status, string Code)[] s_withBody =
        [(408, ErrorCodes.Malformed), (413, ErrorCodes.PayloadTooLarge), (415, ErrorCodes.UnsupportedMediaType)];

    public static JsonObject Of(Operation operation, SchemaBook schemas)
    {
        var node = new JsonObject
        {
            ["operationId"] = operation.Id,
            ["tags"] = new JsonArray(operation.Tag),
            ["summary"] = operation.Summary,
            ["description"] = operation.Description,
        };
        if (!operation.NeedsKey)
            node["security"] = new JsonArray();
        if (operation.Parameters.Count > 0)
            node["parameters"] = new JsonArray([.. operation.Parameters.Select(Of)]);
        if (operation.Body.Count > 0)
            node["requestBody"] = new JsonObject { ["required"] = !operation.BodyIsOptional, ["content"] = Contents(operation.Body, schemas) };
        var responses = new JsonObject();
        foreach (var answer in operation.Answers)
            responses[$"{answer.Status}"] = Of(answer, operation.NeedsKey ? RateLimits.References() : [], schemas);
        foreach (var errors in AllErrors(operation).GroupBy(error => error.Status).OrderBy(group => group.Key))
            responses[$"{errors.Key}"] = Problem(errors.Key, [.. errors.Select(error => error.Code).Distinct()], operation, schemas);
        node["responses"] = responses;
        return node;
    }

    private static IEnumerable<(int Status, string Code)> AllErrors(Operation operation) =>
        s_everywhere.Concat(operation.NeedsKey ? s_withKeys : []).Concat(operation.Body.Count > 0 ? s_withBody : []).Concat(operation.Errors)
            .Where(error => operation.Answers.All(answer => answer.Status != error.Status));

    private static JsonObject Of(Parameter parameter)
    {
        var node = new JsonObject { ["name"] = parameter.Name, ["in"] = parameter.In, ["description"] = parameter.Description };
        if (parameter.In == "path")
            node["required"] = true;
        node["schema"] = JsonNode.Parse(parameter.Schema);
        node["example"] = parameter.Example.DeepClone();
        return node;
    }

    private static JsonObject Of(Answer answer, JsonObject headers, SchemaBook schemas)
    {
        var node = new JsonObject { ["description"] = answer.Description };
        foreach (var (name, description) in answer.Headers)
            headers[name] = Header(description, isRequired: true);
        foreach (var (name, description) in answer.PerhapsHeaders)
            headers[name] = Header(description, isRequired: false);
        if (headers.Count > 0)
            node["headers"] = headers;

        if (answer.Body.Count > 0)
            node["content"] = Contents(answer.Body, schemas);
        return node;
    }

    private static JsonObject Contents(IReadOnlyList<Content> contents, SchemaBook schemas)
    {
        var node = new JsonObject();
        foreach (var content in contents)
        {
            var one = new JsonObject();
            if (content.Schema is { } schema)
                one["schema"] = schema(schemas);
            if (content.Example is { } example)
                one["example"] = JsonNode.Parse(example);
            node[content.Type] = one;
        }

        return node;
    }

    private static JsonObject Problem(int status, string[] codes, Operation operation, SchemaBook schemas)
    {
        var node = new JsonObject { ["description"] = $"{Title(status)}: {string.Join(", ", codes.Select(code => $"`{code}`"))}." };
        var headers = status == 429 ? RateLimits.References() : [];
        if (status is 429 or 503 || codes.Contains(ErrorCodes.IdempotencyKeyInUse))
        {
            headers["Retry-After"] = Header(
                status == 409 ? $"With `{ErrorCodes.IdempotencyKeyInUse}`: seconds after which to try again." : "Seconds after which to try again.", isRequired: status != 409);
        }

        if (status == 401)
            headers["WWW-Authenticate"] = Header("`Bearer`.", isRequired: true);
        if (headers.Count > 0)
            node["headers"] = headers;
        var schema = operation.ErrorShape?.Invoke(schemas) ?? new JsonObject
        {
            ["allOf"] = new JsonArray(
                schemas.Named("Problem", ProblemSchema.Make),
                new JsonObject { ["properties"] = new JsonObject { ["code"] = new JsonObject { ["enum"] = new JsonArray([.. codes.Select(code => (JsonNode)code)]) } } }),
        };
        node["content"] = new JsonObject { [operation.ErrorShape is null ? "application/problem+json" : operation.ErrorType] = new JsonObject { ["schema"] = schema } };
        return node;
    }

    private static JsonObject Header(string description, bool isRequired)
    {
        var header = new JsonObject { ["description"] = description, ["schema"] = new JsonObject { ["type"] = "string" } };
        if (isRequired)
            header["required"] = true;
        return header;
    }

    private static string Title(int status) => status switch
    {
        400 => "The request cannot be read",
        401 => "No good key",
        403 => "The key is not for this",
        404 => "There is no such thing, or it is another tenant's",
        408 => "The body came too slowly",
        409 => "It does not fit what is stored",
        410 => "It was removed, or its retention has ended",
        412 => "The picture is another one",
        413 => "Too large",
        415 => "Of a kind that is not taken",
        416 => "The range lies outside of the picture",
        422 => "Readable, but not acceptable",
        429 => "Too many requests",
        500 => "The server failed",
        503 => "Not possible right now",
        504 => "Not done in time",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "There is no sentence for it."),
    };
}
