using MassTransit;

namespace FlexEdit.Platform.Bus;

/// <summary>
/// Names of the queues that commands are sent to: the names that MassTransit's kebab-case formatter gives to the consumers
/// <c>UnderstandEditConsumer</c>, <c>GenerateEditConsumer</c> and <c>SubmitEditConsumer</c>.
/// </summary>
public static class BusEndpoints
{
    /// <summary>Takes <see cref="Contracts.Messages.UnderstandEdit"/>.</summary>
    public const string Understand = "understand-edit";

    /// <summary>Takes <see cref="Contracts.Messages.GenerateEdit"/>.</summary>
    public const string Generate = "generate-edit";

    /// <summary>Takes <see cref="Contracts.Messages.SubmitEdit"/>, request and response.</summary>
    public const string Submit = "submit-edit";

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
