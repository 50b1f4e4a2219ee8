using System.Text.Json.Nodes;
using FlexEdit.Masks;

namespace FlexEdit.Tests.EndToEnd.Fuzzing;

/// <summary>Makes JSON values of a schema: as it wants them, at its bounds, and not at all as it wants them.</summary>
/// <param name="api">Where references lead.</param>
/// <param name="random">What decides.</param>
/// <param name="own">Ids of the tenant that asks.</param>
/// <param name="foreign">Ids of another tenant.</param>
internal sealed class ValueMaker(ApiDescription api, SeededRandom random, KnownIds own, KnownIds foreign)
{
    private const double Optional = 0.06;

    /// <summary>The kind of ids of models' versions.</summary>
    public const string Version = "version";

    private static readonly string[] s_pictures = ["scene", "mask", "subject", "file", "image", "image[]"];

    /// <summary>A value that the schema takes, as far as schema and name say what it takes.</summary>
    public JsonNode? Good(string name, JsonObject schema)
    {
        schema = api.Resolve(schema);
        if (schema["enum"] is JsonArray choices)
            return random.Pick([.. choices])!.DeepClone();
        return Type(schema) switch
        {
            "object" => name == "mask_shapes" ? Shape() : Object(schema),
            "array" => Array(name, schema),
            "integer" => Whole(name, schema),
            "number" => random.Pick([0.0, 1.0, 0.5, 2.0]),
            "boolean" => random.Chance(0.5),
            _ => Text(name),
        };
    }

    /// <summary>A value that need not be one of the schema's.</summary>
    public JsonNode? Bad(JsonObject schema)
    {
        schema = api.Resolve(schema);
        return random.Next(12) switch
        {
            0 => null,
            1 => JsonNode.Parse(random.Pick(["-1", "0", "1e400", "-0", "9223372036854775808", "0.5", "1e2", "4294967296"])),
            2 => random.Chance(0.5),
            3 => new JsonArray(),
            4 => new JsonObject { ["__proto__"] = new JsonObject { ["status"] = "succeeded" } },
            5 => new JsonArray(1, "two", null, new JsonObject()),
            6 when schema["maximum"] is JsonValue most => JsonNode.Parse($"{(long)most + random.Next(2)}"),
            7 when schema["minimum"] is JsonValue least => JsonNode.Parse($"{(long)least - random.Next(2)}"),
            8 when schema["maxLength"] is JsonValue longest => new string('y', (int)longest + random.Next(2)),
            9 when Type(schema) == "array" => new JsonArray([.. Enumerable.Range(0, 300).Select(_ => (JsonNode)0)]),
            _ => Words.Hostile(random),
        };
    }

    /// <summary>An object with everything that is required and some of what is not.</summary>
    public JsonObject Object(JsonObject schema)
    {
        schema = api.Resolve(schema);
        var required = schema["oneOf"] is JsonArray choices ? choices[random.Chance(0.85) ? 0 : choices.Count - 1]!["required"] : schema["required"];
        var names = required?.AsArray().Select(name => (string)name!).ToHashSet(StringComparer.Ordinal) ?? [];
        var made = new JsonObject();
        // One of the two is wanted nearly everywhere, and the schema cannot say it.
        var properties = schema["properties"]?.AsObject() ?? [];
        if (names.Contains("scene") && random.Chance(0.9))
            names.Add(random.Chance(0.8) ? "mask_shapes" : "mask");
        foreach (var (name, property) in properties)
        {
            if (names.Contains(name) || (!names.Contains("replay_of") && name != "replay_of" && random.Chance(Optional)))
                made[name] = Good(name, property!.AsObject());
        }

        if (properties.Count == 0 && schema["additionalProperties"] is JsonObject)
            made["note"] = random.Pick(s_pictures);
        if (schema["maxProperties"]?.GetValue<int>() == 1 && made.Count != 1)
            made = new JsonObject { ["image_url"] = FuzzPictures.DataUri(random) };
        return made;
    }

    /// <summary>An id or the like for a path: good, somebody else's, gone, or none at all.</summary>
    /// <returns>The text, and whether it is the other tenant's.</returns>
    public (string Text, bool IsForeign) Id(string path, bool isGood)
    {
        var prefix = path.Split('/')[2] switch { "edits" or "predictions" => "edt_", "files" when path.Contains("streams") => "edt_", "assets" or "files" => "ast_", "batches" => "bat_", "webhooks" => "whe_", "deliveries" => "dlv_", _ => "" };
        if (prefix.Length == 0)
            return (isGood ? "simulated" : Segment(), false);
        if (isGood && own.Pick(random, prefix) is { } mine)
            return (mine, false);
        var known = own.Pick(random, prefix) ?? $"{prefix}{new string('0', 26)}";
        return random.Next(8) switch
        {
            0 or 1 when foreign.Pick(random, prefix) is { } theirs => (theirs, true),
            2 => (known.ToUpperInvariant(), false),
            3 => (known[..^1], false),
            4 => ($"{prefix}{new string('0', 25)}{random.Next(10)}", false),
            5 => (own.Pick(random, prefix == "edt_" ? "ast_" : "edt_") ?? known, false),
            6 => ($"{known}%", false),
            _ => (Segment(), false),
        };
    }

    /// <summary>A hostile text that is one segment of a path: neither empty nor dots, which would make it another path.</summary>
    public string Segment() => Words.Hostile(random) is { } text && text.Trim(' ', '.', '/', '\\').Length > 0 && text.Length < 1000 && !text.Contains('/') && !text.Contains(Words.HalfSurrogate, StringComparison.Ordinal) ? text : "nothing";

    /// <summary>A good segment of a path that is no id.</summary>
    public string Good(string path, string name, JsonObject schema) =>
        path.Contains("{owner}") && name == "name" ? "simulated" : RequestMaker.Text(Good(name, schema));

    private string Text(string name) => name switch
    {
        "owner" => "flexedit",
        Version => own.Pick(random, Version) ?? "none",
        "content" => FuzzPictures.DataUri(random),
        "file_id" => own.Pick(random, "ast_") ?? "ast_",
        "image_url" => FuzzPictures.DataUri(random),
        "replay_of" => own.Pick(random, "edt_") ?? "edt_",
        "after" => own.Pick(random, random.Pick(["edt_", "ast_", "bat_", "whe_", "dlv_"])) ?? "x",
        "Idempotency-Key" => $"key-{random.Next(40)}",
        _ when s_pictures.Contains(name) => Picture(),
        _ => Words.Likely(name, random) ?? "text",
    };

    private string Picture() => random.Next(10) switch
    {
        0 or 1 or 2 => own.Pick(random, "ast_") ?? FuzzPictures.DataUri(random),
        3 when random.Chance(0.3) => foreign.Pick(random, "ast_") ?? "ast_",
        4 when random.Chance(0.2) => "https://127.0.0.1:1/picture.png",
        _ => FuzzPictures.DataUri(random),
    };

    private JsonArray Array(string name, JsonObject schema)
    {
        var count = Math.Max(schema["minItems"]?.GetValue<int>() ?? 0, 1 + random.Next(2));
        var item = schema["items"]!.AsObject();
        // A batch's items are edits, which the schema says in words.
        return new JsonArray([.. Enumerable.Range(0, count).Select(_ => name == "requests" ? Object(api.Components["NewEdit"]!.AsObject()) : Good(name, item))]);
    }

    private JsonValue Whole(string name, JsonObject schema) => JsonValue.Create(name switch
    {
        "steps" => 1 + random.Next(4),
        "wait" => random.Next(2),
        "n" => 1 + random.Next(2),
        _ => random.Next(3) switch
        {
            0 when schema["minimum"] is JsonValue least => (long)least,
            1 when schema["maximum"] is JsonValue most => (long)most,
            _ => Math.Min(1 + random.Next(50), (long?)schema["maximum"] ?? long.MaxValue),
        },
    });

    private JsonObject Shape() => random.Next(4) switch
    {
        0 => new JsonObject { ["type"] = "circle", ["cx"] = random.Next(64), ["cy"] = 32, ["r"] = 1 + random.Next(30) },
        1 => new JsonObject { ["type"] = "rectangle", ["op"] = "add", ["x"] = 8, ["y"] = random.Next(40), ["width"] = 20, ["height"] = 12.5, ["rotation"] = random.Next(360) },
        2 => new JsonObject { ["type"] = "stroke", ["radius"] = 3, ["points"] = new JsonArray(new JsonArray(4, 4), new JsonArray(random.Next(64), 40, 5)) },
        _ => new JsonObject { ["type"] = "polygon", ["points"] = new JsonArray(new JsonArray(2, 2), new JsonArray(60, 10), new JsonArray(random.Next(64), 60)), ["hollow"] = 2 },
    };

    private static string? Type(JsonObject schema) => schema["type"] switch
    {
        JsonValue one => (string?)one,
        JsonArray many => (string?)many[0],
        _ => schema["properties"] is null ? null : "object",
    };
}
