using System.Text.Json.Nodes;
using FlexEdit.Contracts;
using FlexEdit.Platform.Links;
using FlexEdit.Platform.Predictions;
using FlexEdit.Platform.Problems;
using FlexEdit.Platform.Tenancy;
using Microsoft.Extensions.Options;

namespace FlexEdit.Gateway.Doors.Replicate;

/// <summary>The models of this server, their versions and the account, in Replicate's shapes.</summary>
internal static class ModelsOfOwner
{
    // No card says when its model was made, and none was made with Cog; clients ask for both.
    private const string Unknown = "1970-01-01T00:00:00Z";
    private const string NoCog = "none";

    public static IResult Get(HttpContext context, string owner, string name, ModelVersions models, IOptions<LinksOptions> links)
    {
        var version = Find(models, owner, name);
        return Json(new JsonObject
        {
            ["url"] = $"{links.Value.ServerOf(context.Request)}/v1/models/{version.Card.Id}",
            ["owner"] = PredictionMaker.Owner,
            ["name"] = version.Card.Id,
            ["description"] = version.Card.Description,
            ["visibility"] = "public",
            ["is_official"] = true,
            ["github_url"] = null,
            ["paper_url"] = null,
            ["license_url"] = null,
            ["run_count"] = 0,
            ["cover_image_url"] = null,
            ["default_example"] = null,
            ["latest_version"] = Show(version),
        });
    }

    public static IResult Versions(string owner, string name, ModelVersions models) =>
        Json(new JsonObject { ["previous"] = null, ["next"] = null, ["results"] = new JsonArray(Show(Find(models, owner, name))) });

    public static IResult Version(string owner, string name, string version, ModelVersions models) =>
        Find(models, owner, name) is { } found && found.Id == version ? Json(Show(found)) : throw NotFound();

    public static IResult Account(HttpContext context) =>
        Json(new JsonObject { ["type"] = "organization", ["username"] = context.GetTenant(), ["name"] = context.GetTenant(), ["github_url"] = null });

    /// <summary>A model by its path.</summary>
    /// <exception cref="ProblemException">404: there is none.</exception>
    public static ModelVersion Find(ModelVersions models, string owner, string name) => models.Find(owner, name) ?? throw NotFound();

    private static JsonObject Show(ModelVersion version) => new()
    {
        ["id"] = version.Id,
        ["created_at"] = Unknown,
        ["cog_version"] = NoCog,
        ["openapi_schema"] = InputSchema.Of(version.Card),
    };

    private static IResult Json(JsonObject body) => Results.Json(body, ContractJson.Options);

    private static ProblemException NotFound() => new(Problem.NotFound($"There is no such model or version; this server's models are those of '{PredictionMaker.Owner}'."));
}
