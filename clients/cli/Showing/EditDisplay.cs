using FlexEdit.Cli.Api;
using Spectre.Console;

namespace FlexEdit.Cli.Showing;

/// <summary>Shows an edit while it is made: a moving bar on a terminal, lines elsewhere.</summary>
/// <param name="terminal">Where.</param>
/// <param name="feed">From which server.</param>
public sealed class EditDisplay(Terminal terminal, EditFeed feed)
{
    /// <summary>Shows the edit until it has ended, or <paramref name="enough"/> is true of it, and returns it as it is then.</summary>
    public Task<EditJob> FollowAsync(string id, CancellationToken cancellationToken, Func<EditJob, bool>? enough = null) =>
        terminal.IsLive ? FollowLiveAsync(id, enough, cancellationToken) : FollowInLinesAsync(id, enough, cancellationToken);

    private Task<EditJob> FollowInLinesAsync(string id, Func<EditJob, bool>? enough, CancellationToken cancellationToken)
    {
        var story = new EditStory();
        var quarterTold = 0;
        return feed.FollowAsync(id, Show, cancellationToken, enough);

        void Show(EditUpdate update)
        {
            foreach (var line in story.Tell(update))
                terminal.Out.WriteLine($"  {line}");
            var quarter = story.Steps == 0 ? 0 : 4 * story.Step / story.Steps;
            if (quarter <= quarterTold)
                return;
            quarterTold = quarter;
            terminal.Out.WriteLine($"  painting: step {story.Step} of {story.Steps}");
        }
    }

    private Task<EditJob> FollowLiveAsync(string id, Func<EditJob, bool>? enough, CancellationToken cancellationToken) =>
        terminal.Out.Progress()
            .AutoClear(true)
            .HideCompleted(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new SpinnerColumn())
            .StartAsync(async progress =>
            {
                var story = new EditStory();
                var bar = progress.AddTask(story.Phase);
                bar.IsIndeterminate = true;
                return await feed.FollowAsync(id, Show, cancellationToken, enough);

                void Show(EditUpdate update)
                {
                    foreach (var line in story.Tell(update))
                        terminal.Out.WriteLine($"  {line}");
                    bar.Description = Markup.Escape($"  {story.Phase}");
                    bar.IsIndeterminate = story.Steps == 0;
                    bar.MaxValue = Math.Max(1, story.Steps);
                    bar.Value = story.Step;
                }
            });
}
