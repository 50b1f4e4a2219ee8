using FlexEdit.Understanding.Hosting;
using MassTransit;
using Microsoft.Extensions.Options;

namespace FlexEdit.Understanding.Edits;

/// <summary>Takes as many messages as there are slots, and none that would only wait here.</summary>
internal sealed class UnderstandEditConsumerDefinition : ConsumerDefinition<UnderstandEditConsumer>
{
    private readonly int _slots;

    public UnderstandEditConsumerDefinition(IOptions<UnderstandingOptions> options) => ConcurrentMessageLimit = _slots = options.Value.Slots;

    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<UnderstandEditConsumer> consumerConfigurator, IRegistrationContext context) =>
        endpointConfigurator.PrefetchCount = _slots;
}
