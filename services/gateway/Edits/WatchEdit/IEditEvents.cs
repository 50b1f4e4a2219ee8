using FlexEdit.Contracts.Ledger;
using FlexEdit.Contracts.Messages;

namespace FlexEdit.Gateway.Edits.WatchEdit;

/// <summary>The words in which a door of the API tells what happens to an edit.</summary>
internal interface IEditEvents
{
    /// <summary>The edit has changed.</summary>
    Task ChangedAsync(EditEvent change, CancellationToken cancellationToken);

    /// <summary>A sampling step is done; <paramref name="sequence"/> is the edit's newest number that was told.</summary>
    Task ProgressedAsync(EditProgressed step, long sequence, CancellationToken cancellationToken);

    /// <summary>Whether the picture of a step is to be fetched at all.</summary>
    bool WantsPreview(EditProgressed step);

    /// <summary>What the picture looks like after a step.</summary>
    Task PreviewedAsync(EditProgressed step, long sequence, SharedPreview preview, CancellationToken cancellationToken);

    /// <summary>The edit has ended.</summary>
    Task EndedAsync(EditJournal log, CancellationToken cancellationToken);
}
