namespace FlexEdit.Gateway.Doors.OpenAi;

/// <summary>Puts OpenAI's door into the gateway.</summary>
internal static class OpenAiDoor
{
    public static IServiceCollection AddOpenAiDoor(this IServiceCollection services) => services.AddScoped<EditImageRoute>();

    public static void MapOpenAiDoor(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/images/edits", static (HttpContext context, EditImageRoute route) => route.HandleAsync(context)).DisableAntiforgery();
}
