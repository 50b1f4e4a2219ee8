using FlexEdit.Storage.Usage;

namespace FlexEdit.ApiDocument.Operations;

/// <summary>What a tenant used.</summary>
internal static class UsageOperations
{
    private const string Day = """{"type":"string","format":"date"}""";

    public static IReadOnlyList<Operation> All { get; } =
    [
        new("GET", "/v1/usage", "getUsage", "usage", "Read what was used")
        {
            Description = "Edits, pixels and model seconds per day of UTC and model; kept longer than the edits (`GET /v1/limits`). An edit counts on the day on which it ended, a moment after it has.",
            Parameters =
            [
                new("from", "query", "First day; without it, the 30 days up to `to`.", Day, "2026-11-01"),
                new("to", "query", "Last day, at most 366 days from `from` on; without it, today.", Day, "2026-11-30"),
            ],
            Answers = [new(200, "What was used.") { Body = [new("application/json", schemas => schemas.Of<UsageListView>())] }],
        },
    ];
}
