using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using FlexEdit.Contracts;

namespace FlexEdit.ApiDocument.Schemas;

/// <summary>
/// JSON schemas of the types that the services serialise, by the same serialiser options. Each of the system's own types becomes a
/// component, described by its doc comments; a property that nothing describes is an error.
/// </summary>
internal sealed class SchemaBook
{
    private readonly DocComments _comments = new();
    private readonly SortedDictionary<string, JsonNode> _components = new(StringComparer.Ordinal);

    /// <summary>A reference to the schema of <typeparamref name="T"/>.</summary>
    public JsonObject Of<T>() => Reference(typeof(T));

    /// <summary>A reference to a schema that stands under its own name, made when it is first asked for.</summary>
    public JsonObject Named(string name, Func<SchemaBook, JsonObject> make)
    {
        if (!_components.ContainsKey(name))
            _components.Add(name, make(this));
        return new JsonObject { ["$ref"] = $"#/components/schemas/{name}" };
    }

    /// <summary>The schema of a type in full, for one that adds to it.</summary>
    public JsonObject Whole(Type type) => Export(type);

    /// <summary>All components, by name.</summary>
    public JsonObject Components() => new(_components.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)entry.Value.DeepClone())));

    private JsonObject Reference(Type type) => Named(SchemaNames.Of(type), _ => Export(type));

    private JsonObject Export(Type type)
    {
        var schema = ContractJson.Options.GetJsonSchemaAsNode(type, new JsonSchemaExporterOptions
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = (context, node) => Transform(type, context, node),
        }).AsObject();
        schema["description"] = _comments.Of(type) ?? throw new InvalidOperationException($"{type} has no summary.");
        return schema;
    }

    private JsonNode Transform(Type root, JsonSchemaExporterContext context, JsonNode node)
    {
        if (node is not JsonObject schema)
            return node;
        var isOwn = context.TypeInfo.Kind == JsonTypeInfoKind.Object && SchemaNames.IsOwn(context.TypeInfo.Type);
        if (isOwn && context.TypeInfo.Type != root)
        {
            var nullable = schema["type"] is JsonArray;
            var reference = Reference(context.TypeInfo.Type);
            schema = nullable ? new JsonObject { ["anyOf"] = new JsonArray(reference, new JsonObject { ["type"] = "null" }) } : reference;
        }
        else if (isOwn && schema["properties"] is JsonObject properties)
        {
            // Everything is always written, nulls included, unless the property says otherwise.
            schema["type"] = "object";
            var optional = context.TypeInfo.Properties
                .Where(property => property.AttributeProvider?.GetCustomAttributes(typeof(JsonIgnoreAttribute), inherit: true).Length > 0).Select(property => property.Name);
            schema["required"] = new JsonArray([.. properties.Select(property => property.Key).Except(optional).Select(name => (JsonNode)name)]);
        }

        if (context.PropertyInfo is { AttributeProvider: PropertyInfo property })
        {
            schema["description"] = _comments.Of(property)
                ?? throw new InvalidOperationException($"{property.DeclaringType}.{property.Name} has no doc comment.");
            schema.Remove("default");
        }

        return schema;
    }
}
