using System.Text.Json.Nodes;
using FlexEdit.Platform.Problems;

namespace FlexEdit.ApiDocument.Schemas;

/// <summary>The shape of every error.</summary>
internal static class ProblemSchema
{
    public static JsonObject Make(SchemaBook schemas)
    {
        var schema = schemas.Whole(typeof(ProblemBody));
        schema["description"] = "Why a request was refused (RFC 9457, `application/problem+json`).";
        return schema;
    }
}
