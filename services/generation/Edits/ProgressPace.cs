using FlexEdit.Generation.Engine;

namespace FlexEdit.Generation.Edits;

/// <summary>
/// Which steps of an edit are told: those with a preview, the first and the last, and between them some ten a second of each output. Telling each would make the broker the first part to give
/// out (docs/operations/scaling.md), and nobody sees more move.
/// </summary>
/// <param name="outputs">Pictures that the edit makes; steps of one come one after another.</param>
/// <param name="time">Clock.</param>
internal sealed class ProgressPace(int outputs, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(90);

    private readonly long?[] _told = new long?[outputs];

    /// <summary>Whether a step is to be told; remembers that it was.</summary>
    public bool IsDue(int output, PaintingProgress progress)
    {
        if (progress is { Preview: null, Step: > 1 } && progress.Step < progress.Steps && _told[output] is { } last && time.GetElapsedTime(last) < Interval)
            return false;
        _told[output] = time.GetTimestamp();
        return true;
    }
}
