using System.Text.Json.Nodes;

namespace FlexEdit.ApiDocument.Operations;

/// <summary>The headers that every answer to a tenant has where limits are set.</summary>
internal static class RateLimits
{
    /// <summary>The components.</summary>
    public static JsonObject Components() => new()
    {
        ["RateLimit-Policy"] = Header("The limits (draft-ietf-httpapi-ratelimit-headers-11): `requests`, `q` of them in `w` seconds, and `edits`, `q` that have not ended at once. Absent where there are none.",
            "\"requests\";q=3000;w=60, \"edits\";q=1000;qu=\"concurrent-requests\""),
        ["RateLimit"] = Header("What is left: `r` requests, and all of them in `t` seconds; with 429 `t` is `Retry-After`. `edits` is told only where none is left.", "\"requests\";r=2987;t=1"),
    };

    /// <summary>References to them, as an answer has them.</summary>
    public static JsonObject References() => new(Components().Select(header =>
        KeyValuePair.Create(header.Key, (JsonNode?)new JsonObject { ["$ref"] = $"#/components/headers/{header.Key}" })));

    private static JsonObject Header(string description, string example) => new()
    {
        ["description"] = description,
        ["schema"] = new JsonObject { ["type"] = "string" },
        ["example"] = example,
    };
}
