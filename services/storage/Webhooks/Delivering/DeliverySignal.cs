using FlexEdit.Storage.Ledger;

namespace FlexEdit.Storage.Webhooks.Delivering;

/// <summary>Wakes the sending of webhooks in this process.</summary>
internal sealed class DeliverySignal
{
    private readonly WakeSignal _bell = new();

    public void Ring() => _bell.Ring();

    public Task WaitAsync(TimeSpan atMost, TimeProvider time, CancellationToken cancellationToken) => _bell.WaitAsync(atMost, time, cancellationToken);
}
