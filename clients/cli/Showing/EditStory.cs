using FlexEdit.Cli.Api;
using FlexEdit.Contracts.Edits;

namespace FlexEdit.Cli.Showing;

/// <summary>Turns an edit's updates into what a person should read: each new fact once, and how far the painting is.</summary>
public sealed class EditStory
{
    private readonly Dictionary<int, int> _steps = [];
    private readonly HashSet<string> _told = [];
    private int _outputs = 1;

    /// <summary>What is going on, in one or two words.</summary>
    public string Phase { get; private set; } = "submitted";

    /// <summary>Sampling steps done, over all outputs.</summary>
    public int Step => _steps.Values.Sum();

    /// <summary>Sampling steps in all; 0 while unknown.</summary>
    public int Steps { get; private set; }

    /// <summary>The lines that the update adds.</summary>
    public IEnumerable<string> Tell(EditUpdate update)
    {
        switch (update)
        {
            case StepDone done:
                Phase = "painting";
                Steps = done.Steps * _outputs;
                _steps[done.Output] = Math.Max(done.Step, _steps.GetValueOrDefault(done.Output));
                return [];
            case JobChanged changed:
                return Tell(changed.Job);
            default:
                return [];
        }
    }

    private IEnumerable<string> Tell(EditJob job)
    {
        _outputs = Math.Max(1, job.Options?.N ?? 1);
        Phase = PhaseOf(job);
        if (job.Status == EditStatus.Queued && _told.Add("queued"))
            yield return job.Queue?.Position is > 1 and var position ? $"queued at place {position}" : "queued";
        if (job.Stage == EditStage.Understanding && _told.Add("understanding"))
            yield return "reading the picture, the mask and the instruction";
        if (job.Understanding is { } understanding && _told.Add("understood"))
            yield return Wording.Understood(understanding);
        if (job.Status == EditStatus.AwaitingApproval && _told.Add("awaiting"))
            yield return "waits for approval";
        if (job.Status == EditStatus.Canceling && _told.Add("canceling"))
            yield return "canceling";
        if (EditStatus.IsTerminal(job.Status) && _told.Add("ending"))
            yield return Wording.Ending(job);
    }

    private static string PhaseOf(EditJob job) => (job.Status, job.Stage) switch
    {
        (EditStatus.Processing, EditStage.Understanding) => "understanding",
        (EditStatus.Processing, EditStage.Generating) => "painting",
        (EditStatus.Processing, EditStage.Storing) => "storing",
        _ => job.Status,
    };
}
