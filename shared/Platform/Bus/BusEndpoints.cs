using MassTransit;

namespace FlexEdit.Platform.Bus;

/// <summary>Names of the queues that messages are sent to. The broker's policies go by these names (<c>deploy/rabbitmq/definitions.json</c>).</summary>
public static class BusEndpoints
{
    /// <summary>Takes <see cref="Contracts.Messages.SubmitEdit"/>, request and response.</summary>
    public const string Submit = "submit-edit";

    /// <summary>Takes <see cref="Contracts.Messages.ApproveEdit"/>, request and response.</summary>
    public const string Approve = "approve-edit";

    /// <summary>Where the broker puts commands that were delivered too often.</summary>
    public const string DeadLetters = "dead-letters";

    /// <summary>Takes <see cref="Contracts.Messages.UnderstandEdit"/> of one model.</summary>
    public static string Understand(string model) => $"understand-edit.{model}";

    /// <summary>Takes <see cref="Contracts.Messages.GenerateEdit"/> of one model.</summary>
    public static string Generate(string model) => $"generate-edit.{model}";

    /// <summary>Whether each message of a queue is for one consumer, as commands and requests are, and not for everybody who listens.</summary>
    public static bool IsForOne(string endpoint) =>
        endpoint is Submit or Approve or DeadLetters || endpoint.StartsWith(Understand(""), StringComparison.Ordinal) || endpoint.StartsWith(Generate(""), StringComparison.Ordinal);

    /// <summary>The address of a queue, whatever the transport.</summary>
    public static Uri AddressOf(string endpoint) => new($"queue:{endpoint}");

    /// <summary>
    /// Adds a consumer of fan-out messages: every process gets each message, on an endpoint of its own that goes with the process.
    /// </summary>
    public static void AddFanOutConsumer<TConsumer>(this IBusRegistrationConfigurator bus)
        where TConsumer : class, IConsumer =>
        bus.AddConsumer<TConsumer>().Endpoint(endpoint =>
        {
            endpoint.InstanceId = $"-{ProcessId}";
            endpoint.Temporary = true;
        });

    private static string ProcessId { get; } = NewId.NextSequentialGuid().ToString("n");
}
