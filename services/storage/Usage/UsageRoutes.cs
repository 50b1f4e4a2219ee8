using FlexEdit.Contracts;
using FlexEdit.Platform.Problems;
using FlexEdit.Platform.Tenancy;

namespace FlexEdit.Storage.Usage;

/// <summary><c>GET /v1/usage</c>.</summary>
internal static class UsageRoutes
{
    private const int UsualDays = 30;
    private const int MostDays = 366;

    public static void MapUsage(this IEndpointRouteBuilder routes) => routes.MapGet("/v1/usage", GetAsync);

    private static async Task<IResult> GetAsync(HttpContext context, string? from, string? to, UsageReader usage, TimeProvider time)
    {
        var last = Day(to, "to") ?? Math.Max(UsageDays.Of(time.GetUtcNow().UtcTicks), Day(from, "from") ?? 0);
        var first = Day(from, "from") ?? last - UsualDays + 1;
        if (first > last)
            throw new ProblemException(Problem.Malformed("'from' is not after 'to'.", "from"));
        if (last - first >= MostDays)
            throw new ProblemException(Problem.Malformed($"From 'from' to 'to' there are at most {MostDays} days; ask for the others by themselves.", "to"));
        return Results.Json(new UsageListView(await usage.ReadAsync(context.GetTenant(), first, last, context.RequestAborted)), ContractJson.Options);
    }

    private static int? Day(string? text, string name) => text is null ? null
        : UsageDays.Read(text) ?? throw new ProblemException(Problem.Malformed($"'{name}' is a day of UTC such as 2026-11-23.", name));
}
