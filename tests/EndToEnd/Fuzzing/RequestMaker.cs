using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using FlexEdit.Masks;

namespace FlexEdit.Tests.EndToEnd.Fuzzing;

/// <summary>Makes requests of the document alone: half of them as it wants them, a third with something wrong in them, the rest wild.</summary>
internal sealed class RequestMaker(ApiDescription api, Schemas schemas, KnownIds own, KnownIds foreign, ulong seed)
{
    private enum Mood
    {
        Good,
        Spoilt,
        Wild,
    }

    /// <summary>Request number <paramref name="index"/>: operations in turn, all else by the seed and the ids that are known by then.</summary>
    public FuzzRequest Make(int index)
    {
        var operation = api.Operations[index % api.Operations.Count];
        var random = new SeededRandom(seed, (ulong)index);
        var values = new ValueMaker(api, random, own, foreign);
        var mood = random.NextDouble() switch { < 0.5 => Mood.Good, < 0.8 => Mood.Spoilt, _ => Mood.Wild };
        var headers = new List<(string, string)>();
        var (target, isForeign, broken) = Target(operation, random, values, mood, headers);
        var request = new FuzzRequest { Operation = operation, Target = target, Headers = headers, IsForeign = isForeign, Broken = broken };
        if (operation.Bodies.Count > 0)
            request = new BodyMaker(api, schemas, random, values).Fill(request, mood == Mood.Good);
        return mood == Mood.Wild ? Wild(request, random) : request;
    }

    private static (string Target, bool IsForeign, string? Broken) Target(
        ApiOperation operation, SeededRandom random, ValueMaker values, Mood mood, List<(string, string)> headers)
    {
        var (path, query, isForeign) = (operation.Path, new List<string>(), false);
        string? broken = null;
        // Few removals hit, or nothing would be left to try the rest on.
        var isGoodId = random.Chance(mood != Mood.Good ? 0.6 : operation.Method == "DELETE" ? 0.4 : 0.9);
        foreach (var parameter in operation.Parameters)
        {
            var (name, place, schema) = ((string)parameter["name"]!, (string)parameter["in"]!, parameter["schema"]!.AsObject());
            var isGood = mood == Mood.Good || random.Chance(0.5);
            if (place == "path")
            {
                var text = name == "id" ? values.Id(operation.Path, isGoodId) : (isGood ? values.Good(operation.Path, name, schema) : values.Segment(), false);
                isForeign |= text.Item2;
                path = path.Replace($"{{{name}}}", Uri.EscapeDataString(text.Item1), StringComparison.Ordinal);
            }
            else if (random.Chance(place == "query" ? 0.4 : 0.25))
            {
                var text = isGood ? Text(values.Good(name, schema)) : Text(values.Bad(schema));
                if (place == "query")
                {
                    query.Add($"{name}={Uri.EscapeDataString(text)}");
                    broken ??= Breaks(name, text, schema);
                }
                else if (!text.AsSpan().ContainsAny('\r', '\n', '\0'))
                {
                    headers.Add((name, text));
                }
            }
        }
        return (query.Count == 0 ? path : $"{path}?{string.Join('&', query)}", isForeign, broken);
    }

    private static FuzzRequest Wild(FuzzRequest request, SeededRandom random)
    {
        (string Name, string Value)[] oddities =
        [
            ("Accept", "application/xml"), ("Accept-Encoding", "br;q=0, *;q=0"), ("X-HTTP-Method-Override", "DELETE"), ("X-FlexEdit-Tenant", "other"), ("X-FlexEdit-Internal-Token", "guess"), ("traceparent", "00-nonsense"),
            ("X-Request-Id", new string('r', 300)), ("X-Forwarded-For", "127.0.0.1"), ("Range", $"bytes={string.Join(',', Enumerable.Range(0, 900).Select(i => $"{i}-{i}"))}"), ("If-Modified-Since", "yesterday"), ("If-None-Match", "\"\""),
            ("Prefer", "wait=99999999999"), ("Cancel-After", "-1s"), ("Idempotency-Key", new string('k', 256)), ("Last-Event-ID", "-1.99999999999999999999"), ("Cookie", "a=b"), ("Origin", "null"), ("Authorization", "Bearer fx_nobody"),
            ("Content-Encoding", "gzip"),
        ];
        var (name, value) = random.Pick(oddities);
        var odd = request with { Headers = [.. request.Headers.Where(header => header.Name != name), (name, value)] };
        return random.Next(4) switch
        {
            0 => odd with { Body = random.Pick<byte[]>([[], "{}"u8.ToArray(), FuzzPictures.Bad(random)]), ContentType = random.Pick<string?>([null, "text/plain", "application/json", "multipart/form-data", "image/png", "*/*", "application/json; charset=utf-16"]), Broken = null },
            1 => odd with { Target = odd.Target + (odd.Target.Contains('?') ? '&' : '?') + random.Pick(["limit=1&limit=2", "tenant=other", "after", "%00", "=", "wait=1e400", "a=" + new string('q', 2000)]), Broken = null },
            _ => odd,
        };
    }

    /// <summary>A value as it stands in an address or a header.</summary>
    public static string Text(JsonNode? value) => value is JsonValue text && text.GetValueKind() == JsonValueKind.String ? (string)text! : value?.ToJsonString() ?? "";

    private static string? Breaks(string name, string text, JsonObject schema)
    {
        if ((string?)schema["type"] != "integer")
            return null;
        var isWhole = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        return isWhole && number >= ((long?)schema["minimum"] ?? 0) && number <= ((long?)schema["maximum"] ?? long.MaxValue) ? null : $"{name} is out of its range";
    }
}
