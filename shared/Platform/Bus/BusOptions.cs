using FlexEdit.Platform.Hosting;
using FlexEdit.Platform.Secrets;

namespace FlexEdit.Platform.Bus;

/// <summary>Section <c>Bus</c>: how messages travel.</summary>
public sealed class BusOptions : ISettings
{
    /// <summary>Name of the section under <c>FlexEdit</c>.</summary>
    public const string Section = "Bus";

    /// <summary>The transport inside one process.</summary>
    public const string InMemory = "inmemory";

    /// <summary>The transport between processes.</summary>
    public const string RabbitMqTransport = "rabbitmq";

    /// <summary><see cref="InMemory"/> (default): every service in one process; <see cref="RabbitMqTransport"/>: any number of processes.</summary>
    public string Transport { get; set; } = InMemory;

    /// <summary>The broker: <c>amqp://user:password@host:port/virtual-host</c>, or <c>amqps</c>. User, password and host are percent-encoded.</summary>
    public Uri? RabbitMq { get; set; }

    /// <summary>A file with the user's name, in the place of the one in the address. Read again for each connection.</summary>
    public string? RabbitMqUserFile { get; set; }

    /// <summary>A file with the password, in the place of the one in the address. Read again for each connection.</summary>
    public string? RabbitMqPasswordFile { get; set; }

    /// <inheritdoc/>
    public IEnumerable<string> Faults()
    {
        if (Transport is not (InMemory or RabbitMqTransport))
            yield return $"FLEXEDIT__Bus__Transport is '{Transport}'; set it to '{InMemory}' (all services in one process) or '{RabbitMqTransport}'.";
        if (Transport == RabbitMqTransport && RabbitMq is null)
            yield return "Set FLEXEDIT__Bus__RabbitMq to the address of the broker, for instance amqp://user:password@rabbitmq:5672/flexedit.";
        if (RabbitMq is not null && !(RabbitMq.IsAbsoluteUri && RabbitMq.Scheme is "amqp" or "amqps"))
            yield return "FLEXEDIT__Bus__RabbitMq is no address of a broker; set it as in amqp://user:password@rabbitmq:5672/flexedit.";
        foreach (var fault in Secret.Faults("FLEXEDIT__Bus__RabbitMqUser", null, RabbitMqUserFile).Concat(Secret.Faults("FLEXEDIT__Bus__RabbitMqPassword", null, RabbitMqPasswordFile)))
            yield return fault;
    }
}
