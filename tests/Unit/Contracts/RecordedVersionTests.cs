using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using FlexEdit.Contracts;
using FlexEdit.Contracts.Ledger;
using FlexEdit.Contracts.Messages;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Contracts;

/// <summary>
/// What processes of an earlier version said to each other, recorded from its real build under <c>Recorded/</c> (<c>benchmark/upgrade --record</c>), is understood now, and what is said now has all that they look for.
/// </summary>
public sealed class RecordedVersionTests
{
    // As MassTransit reads and writes messages.
    private static readonly JsonSerializerOptions s_bus = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    private static readonly Dictionary<string, (Type Request, Type? Answer)> s_calls = new()
    {
        ["claim"] = (typeof(ClaimAttempt), typeof(AttemptGrant)),
        ["heartbeat"] = (typeof(AttemptRef), typeof(HeartbeatAnswer)),
        ["finish-understanding"] = (typeof(UnderstandingFinished), null),
        ["finish-generation"] = (typeof(GenerationFinished), null),
        ["fail"] = (typeof(AttemptFailed), null),
        ["release"] = (typeof(AttemptReleased), null),
    };

    public static TheoryData<string> Messages => [.. Files("*.message.json")];

    public static TheoryData<string> Calls => [.. Files("*.call.json")];

    [Fact]
    public void Something_was_recorded_of_each_kind()
    {
        Files("*.message.json").Count().ShouldBeGreaterThanOrEqualTo(6);
        Files("*.call.json").Count().ShouldBeGreaterThanOrEqualTo(4);
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_message_of_an_earlier_version_is_understood_and_still_said_so(string file)
    {
        var envelope = Read(file);
        var type = typeof(SubmitEdit).Assembly.GetType($"{typeof(SubmitEdit).Namespace}.{Path.GetFileName(file).Split('.')[0]}");
        type.ShouldNotBeNull("a type of a message that was sent is gone");
        envelope["messageType"]![0]!.GetValue<string>().ShouldBe($"urn:message:{type.Namespace}:{type.Name}", "the type's name is the message's address");
        Understand(envelope["message"]!, type, s_bus);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public void A_call_of_an_earlier_version_is_understood_and_still_said_so(string file)
    {
        var call = Read(file);
        var (request, answer) = s_calls[Path.GetFileName(file).Split('.')[0]];
        Understand(call["request"]!, request, ContractJson.Options);
        if (call["answer"] is { } said)
            Understand(said, answer!, ContractJson.Options);
    }

    // Whole, with fields that a later version adds, and back again with all that was there.
    private static void Understand(JsonNode said, Type type, JsonSerializerOptions options)
    {
        var later = said.DeepClone();
        foreach (var map in Maps(later).ToArray())
            map["addedByALaterVersion"] = new JsonObject { ["whatever"] = true };
        var read = JsonSerializer.Deserialize(later.ToJsonString(), type, options);
        var now = JsonSerializer.SerializeToNode(read, type, options);

        Missing(said, now, "").ShouldBeEmpty();
    }

    // Maps of names that are no fields (metadata) may hold anything.
    private static IEnumerable<JsonObject> Maps(JsonNode? node) => node switch
    {
        JsonObject map => map.Where(pair => !string.Equals(pair.Key, "metadata", StringComparison.OrdinalIgnoreCase)).SelectMany(pair => Maps(pair.Value)).Append(map),
        JsonArray list => list.SelectMany(Maps),
        _ => [],
    };

    private static IEnumerable<string> Missing(JsonNode? before, JsonNode? now, string path) => (before, now) switch
    {
        (null, null) => [],
        (JsonObject map, JsonObject other) => map.SelectMany(pair => other.ContainsKey(pair.Key) ? Missing(pair.Value, other[pair.Key], $"{path}.{pair.Key}") : [$"{path}.{pair.Key} is gone"]),
        (JsonArray list, JsonArray other) when list.Count == other.Count => list.SelectMany((item, i) => Missing(item, other[i], $"{path}[{i}]")),
        (JsonValue value, JsonValue other) when JsonNode.DeepEquals(value, other) => [],
        _ => [$"{path} was {before?.ToJsonString() ?? "null"} and is {now?.ToJsonString() ?? "null"}"],
    };

    private static JsonNode Read(string file) => JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, file)))!;

    private static string Folder => Path.Combine(Here(), "Recorded");

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    private static IEnumerable<string> Files(string pattern) => Directory.Exists(Folder)
        ? Directory.EnumerateFiles(Folder, pattern, SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Folder, file)).Order(StringComparer.Ordinal)
        : [];
}
