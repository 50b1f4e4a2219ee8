using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using FlexEdit.Masks;

namespace FlexEdit.Tests.EndToEnd.Fuzzing;

/// <summary>Makes bodies: JSON, forms, JSON lines and pictures.</summary>
internal sealed class BodyMaker(ApiDescription api, Schemas schemas, SeededRandom random, ValueMaker values)
{
    private static readonly JsonSerializerOptions s_raw = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The request with a body; without one where that is allowed, now and then.</summary>
    public FuzzRequest Fill(FuzzRequest request, bool isGood)
    {
        var operation = request.Operation;
        if ((!operation.NeedsBody && random.Chance(0.5)) || (!isGood && random.Chance(0.03)))
            return request;
        var (type, schema) = random.Pick(operation.Bodies);
        if (schema is null)
            return request with { ContentType = type, Body = type.StartsWith("image/", StringComparison.Ordinal) ? isGood ? FuzzPictures.Any(random) : FuzzPictures.Bad(random) : Encoding.UTF8.GetBytes(Lines(isGood)) };
        var made = values.Object(schema);
        for (var spoils = isGood ? 0 : 1 + random.Next(2); spoils > 0; spoils--)
            Spoil(made, api.Resolve(schema));
        return type == "application/json" ? Json(request, made, schema, isGood) : request with { ContentType = $"{type}; boundary=fuzz-fuzz", Body = Form(made, isGood) };
    }

    private void Spoil(JsonObject made, JsonObject schema)
    {
        var properties = schema["properties"]!.AsObject();
        var name = random.Pick([.. properties.Select(property => property.Key)]);
        switch (random.Next(6))
        {
            case 0 when made.Count > 0:
                made.Remove(random.Pick([.. made.Select(field => field.Key)]));
                break;
            case 1:
                made[random.Pick(["tenant", "status", "__proto__", "", "$type", "Instruction", Words.Hostile(random)])] = values.Bad(schema);
                break;
            default:
                made[made.Count > 0 && random.Chance(0.6) ? random.Pick([.. made.Select(field => field.Key)]) : name] = values.Bad(properties[name]!.AsObject());
                break;
        }
    }

    private FuzzRequest Json(FuzzRequest request, JsonObject made, JsonObject schema, bool isGood)
    {
        var text = Written(made);
        // A null is as good as nothing, everywhere.
        foreach (var name in made.Where(field => field.Value is null).Select(field => field.Key).ToArray())
            made.Remove(name);
        var broken = Broken(made, schema);
        if (isGood || random.Chance(0.7))
            return request with { ContentType = random.Pick(["application/json", "application/json; charset=utf-8"]), Body = Encoding.UTF8.GetBytes(text), Broken = request.Broken ?? broken };
        var (body, isJson) = Mangled(text);
        return request with { ContentType = "application/json", Body = body, Broken = isJson ? null : "it is no JSON" };
    }

    private string? Broken(JsonObject made, JsonObject schema)
    {
        try
        {
            using var document = JsonDocument.Parse(made.ToJsonString());
            return schemas.Complaints(document.RootElement, schema) is [var first, ..] ? first : null;
        }
        catch (Exception number) when (number is FormatException or OverflowException)
        {
            return null; // Larger than the validator can count.
        }
    }

    private (byte[] Body, bool IsJson) Mangled(string text) => random.Next(9) switch
    {
        0 => (Encoding.UTF8.GetBytes(text[..(1 + random.Next(text.Length - 1))]), false),
        1 => (Encoding.UTF8.GetBytes(text + text), false),
        2 => (Encoding.UTF8.GetBytes("/* */" + text), false),
        3 => (Encoding.UTF8.GetBytes(text[..^1] + (text.Length > 2 ? ",}" : "}")), text.Length <= 2),
        4 => (Encoding.Unicode.GetBytes(text), false),
        5 => (Encoding.UTF8.GetBytes("{\"a\":" + new string('[', 5000) + new string(']', 5000) + "}"), true),
        6 => (Encoding.UTF8.GetBytes(text[..^1] + (text.Length > 2 ? "," : "") + "\"x\":\"" + new string('s', 300_000) + "\"}"), true),
        7 => ([.. "{\"instruction\":\""u8, 0xC0, 0xAF, 0xFF, 0xFE, .. "\"}"u8], false),
        _ => (Encoding.UTF8.GetBytes(random.Pick(["null", "[]", "0", "\"x\"", "{\"a\":1,\"a\":2}", "\ufeff" + text])), true),
    };

    private string Lines(bool isGood)
    {
        var edit = api.Components["NewEdit"]!.AsObject();
        var lines = Enumerable.Range(0, 1 + random.Next(3)).Select(i =>
        {
            var line = values.Object(edit);
            line["custom_id"] = $"line {i}";
            if (!isGood)
                Spoil(line, edit);
            var text = Written(line);
            return isGood || random.Chance(0.8) ? text : text[..random.Next(text.Length)];
        });
        return string.Join(random.Pick(["\n", "\r\n", "\n\n"]), lines);
    }

    private byte[] Form(JsonObject made, bool isGood)
    {
        var body = new MemoryStream();
        foreach (var (name, value) in made)
        {
            var isPicture = name is "scene" or "mask" or "subject" or "file" or "content" or "image" or "image[]";
            var times = !isGood && random.Chance(0.1) ? 2 : 1;
            for (; times > 0; times--)
            {
                if (name == "file" && random.Chance(0.2))
                    File(name, Encoding.UTF8.GetBytes(Lines(isGood)));
                else if (isPicture && RequestMaker.Text(value).StartsWith("data:", StringComparison.Ordinal))
                    File(name, isGood ? FuzzPictures.Any(random) : FuzzPictures.Bad(random));
                else
                    Part(name, "", Encoding.UTF8.GetBytes(RequestMaker.Text(value)));
            }
        }
        body.Write(isGood || random.Chance(0.9) ? "--fuzz-fuzz--\r\n"u8 : "--fuz"u8);
        return body.ToArray();

        void File(string name, byte[] file) => Part(
            name, $"; filename=\"{(isGood ? "a.png" : Words.Hostile(random).ReplaceLineEndings("").Replace('"', '\''))}\"\r\nContent-Type: {random.Pick(["image/png", "application/octet-stream", "text/html"])}", file);

        void Part(string name, string more, byte[] content)
        {
            body.Write(Encoding.UTF8.GetBytes($"--fuzz-fuzz\r\nContent-Disposition: form-data; name=\"{name.ReplaceLineEndings("").Replace('"', '\'')}\"{more}\r\n\r\n"));
            body.Write(content);
            body.Write("\r\n"u8);
        }
    }

    private string Written(JsonObject made) => (random.Chance(0.5) ? made.ToJsonString() : made.ToJsonString(s_raw))
        .Replace("\\uE0D8", "\\ud800", StringComparison.Ordinal).Replace(Words.HalfSurrogate, "\\ud800", StringComparison.Ordinal);
}
