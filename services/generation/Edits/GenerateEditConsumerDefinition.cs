using FlexEdit.Generation.Hosting;
using MassTransit;
using Microsoft.Extensions.Options;

namespace FlexEdit.Generation.Edits;

/// <summary>Takes as many messages as there are slots, and none that would only wait here.</summary>
internal sealed class GenerateEditConsumerDefinition : ConsumerDefinition<GenerateEditConsumer>
{
    private readonly int _slots;

    public GenerateEditConsumerDefinition(IOptions<GenerationOptions> options) => ConcurrentMessageLimit = _slots = options.Value.Slots;

    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<GenerateEditConsumer> consumerConfigurator, IRegistrationContext context) =>
        endpointConfigurator.PrefetchCount = _slots;
}
