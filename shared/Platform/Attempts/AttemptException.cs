using FlexEdit.Contracts.Edits;

namespace FlexEdit.Platform.Attempts;

/// <summary>The work cannot be done, for a reason that the client may read.</summary>
/// <param name="error">What the job will show.</param>
/// <param name="inner">What happened, for the log; never shown.</param>
public sealed class AttemptException(EditError error, Exception? inner = null) : Exception(error.Detail, inner)
{
    /// <summary>What the job will show.</summary>
    public EditError Error { get; } = error;
}
