using FlexEdit.Storage.Ledger;

namespace FlexEdit.Storage.Releasing;

/// <summary>Wakes the release of held edits in this process.</summary>
internal sealed class ReleaseSignal
{
    private readonly WakeSignal _bell = new();

    public void Ring() => _bell.Ring();

    public Task WaitAsync(TimeSpan atMost, TimeProvider time, CancellationToken cancellationToken) => _bell.WaitAsync(atMost, time, cancellationToken);
}
