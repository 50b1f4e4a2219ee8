using System.Text.Json;
using System.Text.Json.Nodes;
using FlexEdit.Contracts;
using FlexEdit.Contracts.Models;
using FlexEdit.Platform.Problems;

namespace FlexEdit.Gateway.Models;

/// <summary><c>GET /v1/models</c> and <c>GET /v1/models/{id}</c>.</summary>
internal static class ModelRoutes
{
    public static void MapModels(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/models", List);
        routes.MapGet("/v1/models/{id}", Get);
    }

    private static IResult List(OfferedModels models)
    {
        var list = new JsonObject
        {
            ["object"] = "list",
            ["data"] = new JsonArray([.. models.All.Select(Show)]),
            ["has_more"] = false,
            ["next"] = null,
        };
        return Results.Json(list, ContractJson.Options);
    }

    private static IResult Get(string id, OfferedModels models) => models.Find(id) is { } card
        ? Results.Json(Show(card), ContractJson.Options)
        : throw new ProblemException(Problem.NotFound("There is no such model; GET /v1/models lists them."));

    private static JsonObject Show(ModelCard card)
    {
        var shown = JsonSerializer.SerializeToNode(card, ContractJson.Options)!.AsObject();
        shown["status"] = "ready";
        shown["cold_start_seconds"] = null;
        // What clients of OpenAI's API expect of a model. No card says when it was made.
        shown["created"] = 0;
        shown["owned_by"] = "flexedit";
        return shown;
    }
}
