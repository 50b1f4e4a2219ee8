using FlexEdit.Evaluation.Cases;
using FlexEdit.Imaging.Pixels;
using FlexEdit.Masks;

namespace FlexEdit.Evaluation.Running;

/// <summary>Whatever is evaluated: a model in this process, a server, or a trivial baseline.</summary>
public interface IPictureEditor : IDisposable
{
    /// <summary>What it is called in reports and folders.</summary>
    string Name { get; }

    /// <summary>Whether it is one of the baselines that every model has to beat.</summary>
    bool Trivial { get; }

    /// <summary>Makes one edit.</summary>
    /// <param name="read">The case.</param>
    /// <param name="pictures">Its pictures.</param>
    /// <param name="mask">The mask that the editor gets: the free or the full one.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<EditOutcome> EditAsync(EvaluationCase read, CasePictures pictures, Mask mask, CancellationToken cancellationToken);
}

/// <summary>What an editor made of a case.</summary>
/// <param name="Picture">The result.</param>
/// <param name="Reading">What it understood; null for an editor that does not say.</param>
public sealed record EditOutcome(RgbImage Picture, EditReading? Reading = null);

/// <summary>What an editor understood of the mask.</summary>
public sealed record EditReading
{
    /// <summary>The thing it names.</summary>
    public required string Label { get; init; }
    /// <summary>Probability of the label, 0…1.</summary>
    public double Confidence { get; init; }
    /// <summary>Whether it says that another reading is nearly as likely.</summary>
    public bool Ambiguous { get; init; }
    /// <summary>The whole mask that it predicts, of the scene's size; null where it predicts none.</summary>
    public Mask? FullMask { get; init; }
}

/// <summary>An edit failed; the case is scored as if nothing had been done, and counted.</summary>
public sealed class EditFailedException(string message, Exception? inner = null) : Exception(message, inner);
