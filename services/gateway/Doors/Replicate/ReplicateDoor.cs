using FlexEdit.Platform.Predictions;

namespace FlexEdit.Gateway.Doors.Replicate;

/// <summary>Puts Replicate's door into the gateway.</summary>
internal static class ReplicateDoor
{
    private const string Models = "/v1/models";
    private const string Account = "/v1/account";
    private static readonly string[] s_own = [PredictionPaths.Predictions, PredictionPaths.Files, Account];

    public static IServiceCollection AddReplicateDoor(this IServiceCollection services)
    {
        services.AddPredictions();
        services.AddSingleton<ModelVersions>();
        services.AddScoped<PredictionAnswer>();
        services.AddScoped<CreatePrediction>();
        services.AddScoped<ReadPredictions>();
        services.AddScoped<StreamPrediction>();
        services.AddScoped<FileRoutes>();
        return services;
    }

    public static void MapReplicateDoor(this IEndpointRouteBuilder routes)
    {
        routes.MapPost(PredictionPaths.Predictions, static (HttpContext context, CreatePrediction route) => route.HandleAsync(context)).DisableAntiforgery();
        routes.MapPost($"{Models}/{{owner}}/{{name}}/predictions", static (HttpContext context, string owner, string name, CreatePrediction route) => route.HandleAsync(context, owner, name))
            .DisableAntiforgery();
        routes.MapGet(PredictionPaths.Predictions, static (HttpContext context, ReadPredictions route) => route.ListAsync(context));
        routes.MapGet($"{PredictionPaths.Predictions}/{{id}}", static (HttpContext context, string id, ReadPredictions route) => route.GetAsync(context, id));
        routes.MapPost($"{PredictionPaths.Predictions}/{{id}}/cancel", static (HttpContext context, string id, ReadPredictions route) => route.CancelAsync(context, id));
        routes.MapGet($"{PredictionPaths.Predictions}/{{id}}/outputs/{{index}}", static (HttpContext context, string id, string index, ReadPredictions route) => route.OutputAsync(context, id, index));
        routes.MapGet($"{PredictionPaths.Streams}/{{id}}", static (HttpContext context, string id, StreamPrediction route) => route.HandleAsync(context, id));

        routes.MapPost(PredictionPaths.Files, static (HttpContext context, FileRoutes route) => route.CreateAsync(context)).DisableAntiforgery();
        routes.MapGet(PredictionPaths.Files, static (HttpContext context, FileRoutes route) => route.ListAsync(context));
        routes.MapGet($"{PredictionPaths.Files}/{{id}}", static (HttpContext context, string id, FileRoutes route) => route.GetAsync(context, id));
        routes.MapDelete($"{PredictionPaths.Files}/{{id}}", static (HttpContext context, string id, FileRoutes route) => route.DeleteAsync(context, id));

        routes.MapGet($"{Models}/{{owner}}/{{name}}", ModelsOfOwner.Get);
        routes.MapGet($"{Models}/{{owner}}/{{name}}/versions", ModelsOfOwner.Versions);
        routes.MapGet($"{Models}/{{owner}}/{{name}}/versions/{{version}}", ModelsOfOwner.Version);
        routes.MapGet(Account, ModelsOfOwner.Account);
    }

    /// <summary>Whether a path is one of this door's, so that errors come in its shape.</summary>
    public static bool Has(PathString path) =>
        Array.Exists(s_own, own => path.StartsWithSegments(own, StringComparison.OrdinalIgnoreCase))
        // A model of the API's own has one name.
        || (path.StartsWithSegments(Models, StringComparison.OrdinalIgnoreCase, out var rest) && rest.Value is { } names && names.Trim('/').Contains('/', StringComparison.Ordinal));
}
