using FlexEdit.Gateway.Doors.OpenAi;
using FlexEdit.Platform.Problems;

namespace FlexEdit.Gateway.Doors;

/// <summary>Errors in the shape that the clients of a compatible door read, whoever finds them: the door, routing, or the check of keys.</summary>
internal static class DoorProblems
{
    private static readonly (PathString Path, IProblemShape Shape)[] s_shapes = [("/v1/images", new OpenAiProblems())];

    /// <summary>Call it behind <see cref="ProblemApplication.UseProblems"/> and before anything that may refuse a request.</summary>
    public static IApplicationBuilder UseDoorProblems(this IApplicationBuilder app) => app.Use(static (context, next) =>
    {
        foreach (var (path, shape) in s_shapes)
        {
            if (context.Request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase))
                context.Features.Set(shape);
        }

        return next(context);
    });
}
