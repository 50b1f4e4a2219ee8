using System.Text.Json;
using FlexEdit.Contracts;
using FlexEdit.Contracts.Keys;
using FlexEdit.Contracts.Messages;
using FlexEdit.Contracts.Tenants;
using FlexEdit.Platform.Bus;
using FlexEdit.Platform.Ledger;
using MassTransit;

namespace FlexEdit.Benchmark.Gateway;

/// <summary>What a gateway asks storage, answered at once and without a ledger: everything that is measured is the gateway's own.</summary>
internal static class Stub
{
    /// <summary>A job as storage writes it, about 2 kB.</summary>
    public static string Job { get; } = JsonSerializer.Serialize(
        new { id = "edt_06b3x4f0yz8n7k2m5q9r1s3t5v", @object = "edit", status = "processing", stage = "generating", sequence = 12, instruction = new string('x', 1500), options = new { n = 1, seed = 7, steps = 20 } }, ContractJson.Options);

    /// <summary>Maps the internal routes that are asked, and the read of an edit.</summary>
    public static void Map(WebApplication app)
    {
        app.MapGet($"{LedgerRoutes.Keys}/{{hash}}/holder", () => Results.Json(new KeyHolder { Id = "key_1", Tenant = "bench", Scopes = [KeyScopes.Write, KeyScopes.Read] }, ContractJson.Options));
        app.MapPost($"{LedgerRoutes.Tenants}/{{tenant}}/requests", (int wanted) => Results.Json(
            new RequestGrant { Granted = wanted, Remaining = 1_000_000, ResetAfter = TimeSpan.FromSeconds(1), Limits = new TenantLimits { RequestsPerMinute = 1_000_000, EditsInFlight = 1_000_000 } }, ContractJson.Options));
        app.MapPost($"{LedgerRoutes.Batches}/take", () => Results.Json(Array.Empty<object>(), ContractJson.Options));
        app.MapGet("/v1/edits/{id}", () => Results.Content(Job, "application/json"));
    }

    /// <summary>Takes submissions off the bus and says that they are durable.</summary>
    internal sealed class Submissions : IConsumer<SubmitEdit>
    {
        public Task Consume(ConsumeContext<SubmitEdit> context) => context.RespondAsync(new EditSubmitted { EditId = context.Message.EditId, Job = Job });
    }

    internal sealed class SubmissionsDefinition : ConsumerDefinition<Submissions>
    {
        public SubmissionsDefinition() => EndpointName = BusEndpoints.Submit;
    }
}
