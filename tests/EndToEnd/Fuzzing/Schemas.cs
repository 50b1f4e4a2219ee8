using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;

namespace FlexEdit.Tests.EndToEnd.Fuzzing;

/// <summary>
/// Whether JSON is as the document says, by a validator of JSON Schema 2020-12. Objects may have no property that their schema does not name:
/// clients tolerate new ones, but a document that leaves one out is wrong.
/// </summary>
internal sealed class Schemas(ApiDescription api)
{
    private static readonly EvaluationOptions s_strict = new() { OutputFormat = OutputFormat.List, RequireFormatValidation = true };
    private readonly Dictionary<JsonNode, JsonSchema> _built = [];

    /// <summary>What is wrong with a value, at most three sentences; empty where nothing is.</summary>
    /// <param name="value">The value.</param>
    /// <param name="schema">A schema of the document.</param>
    public IReadOnlyList<string> Complaints(JsonElement value, JsonObject schema)
    {
        if (!_built.TryGetValue(schema, out var built))
            _built[schema] = built = Build(schema);
        var result = built.Evaluate(value, s_strict);
        return result.IsValid ? [] :
        [
            .. (result.Details ?? []).Prepend(result).SelectMany(part => (part.Errors ?? new Dictionary<string, string>()).Select(error => $"{part.InstanceLocation} breaks {part.EvaluationPath}: {error.Value}"))
                .DefaultIfEmpty("it breaks the schema").Take(3),
        ];
    }

    private JsonSchema Build(JsonObject schema)
    {
        var definitions = new JsonObject();
        var whole = Own(schema, definitions);
        whole["$schema"] = "https://json-schema.org/draft/2020-12/schema";
        whole["$defs"] = definitions;
        return JsonSchema.FromText(whole.ToJsonString());
    }

    // A copy whose references lead into the schema itself, with what they lead to.
    private JsonObject Own(JsonObject schema, JsonObject definitions)
    {
        var copy = schema.DeepClone().AsObject();
        foreach (var node in All(copy).ToList())
        {
            if (node["$ref"] is JsonValue reference)
            {
                var name = ((string)reference!).Split('/')[^1];
                node["$ref"] = $"#/$defs/{name}";
                if (!definitions.ContainsKey(name))
                {
                    definitions[name] = new JsonObject();
                    definitions[name] = Own(api.Components[name]!.AsObject(), definitions);
                }
            }
            else if (node["type"] is not null && node["properties"] is JsonObject { Count: > 0 } && !node.ContainsKey("additionalProperties"))
            {
                node["additionalProperties"] = false;
            }
        }
        return copy;
    }

    private static IEnumerable<JsonObject> All(JsonNode? node) => node switch
    {
        JsonObject one => one.SelectMany(member => All(member.Value)).Prepend(one),
        JsonArray many => many.SelectMany(All),
        _ => [],
    };
}
