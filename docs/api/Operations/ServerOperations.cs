using FlexEdit.ApiDocument.Schemas;
using FlexEdit.Contracts.Errors;
using FlexEdit.Gateway.Limits;

namespace FlexEdit.ApiDocument.Operations;

/// <summary>The server itself: models, limits, health.</summary>
internal static class ServerOperations
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        new("GET", "/v1/models", "listModels", "models", "List the models")
        {
            Description = "Every model's card.",
            Answers = [new(200, "The models.") { Body = [new("application/json", OtherSchemas.ModelList)] }],
        },
        new("GET", "/v1/models/{id}", "getModel", "models", "Read a model's card")
        {
            Description = "Method, sizes, defaults and ranges, licence, what it can and cannot do.",
            Parameters = [new("id", "path", "Id of the model.", """{"type":"string"}""", "flexedit-tiny")],
            Answers = [new(200, "The card.") { Body = [new("application/json", OtherSchemas.Model)] }],
            Errors = [(404, ErrorCodes.NotFound)],
        },
        new("GET", "/v1/limits", "getLimits", "models", "Read the limits")
        {
            Description = "What this server takes, in the numbers that it checks against.",
            Answers = [new(200, "The limits.") { Body = [new("application/json", schemas => schemas.Of<LimitsView>())] }],
        },
        Health("live", "Whether the process runs"),
        Health("ready", "Whether the server can take edits"),
    ];

    private static Operation Health(string name, string summary) => new("GET", $"/healthz/{name}", $"health{char.ToUpperInvariant(name[0])}{name[1..]}", "operation", summary)
    {
        Description = "For load balancers and operators.",
        NeedsKey = false,
        Answers = [new(200, "Yes.") { Body = [new("application/json", OtherSchemas.Health)] }, new(503, "No.") { Body = [new("application/json", OtherSchemas.Health)] }],
    };
}
