using FlexEdit.Gateway.Doors.OpenAi;
using FlexEdit.Gateway.Doors.Replicate;
using FlexEdit.Platform.Problems;

namespace FlexEdit.Gateway.Doors;

/// <summary>Errors in the shape that the clients of a compatible door read, whoever finds them: the door, routing, or the check of keys.</summary>
internal static class DoorProblems
{
    private static readonly IProblemShape s_openAi = new OpenAiProblems();
    private static readonly IProblemShape s_replicate = new ReplicateProblems();

    /// <summary>Call it behind <see cref="ProblemApplication.UseProblems"/> and before anything that may refuse a request.</summary>
    public static IApplicationBuilder UseDoorProblems(this IApplicationBuilder app) => app.Use(static (context, next) =>
    {
        if (ShapeOf(context.Request.Path) is { } shape)
            context.Features.Set(shape);
        return next(context);
    });

    /// <summary>A problem's sentence with the client's name of the field in the place of ours.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="known">The field as the client knows it; null where none is at fault.</param>
    public static string DetailOf(Problem problem, string? known) =>
        problem.Param is { } param && problem.Detail.StartsWith($"{param} ", StringComparison.Ordinal) ? known + problem.Detail[param.Length..] : problem.Detail;

    private static IProblemShape? ShapeOf(PathString path) =>
        path.StartsWithSegments("/v1/images", StringComparison.OrdinalIgnoreCase) ? s_openAi
        : ReplicateDoor.Has(path) ? s_replicate
        : null;
}
