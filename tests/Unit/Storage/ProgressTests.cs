using FlexEdit.Contracts.Messages;
using FlexEdit.Storage.Reads;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Storage;

public sealed class ProgressTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Keeps_the_newest_preview_while_later_steps_have_none()
    {
        var board = new ProgressBoard(_time);
        board.Take(Report(attempt: 2, step: 4, preview: "p4"));
        board.Take(Report(attempt: 2, step: 5));

        var (report, preview) = board.Of("e").ShouldNotBeNull();
        (report.Step, preview).ShouldBe((5, "p4"));
    }

    [Fact]
    public void Ignores_reports_that_were_overtaken()
    {
        var board = new ProgressBoard(_time);
        board.Take(Report(attempt: 3, step: 1));
        board.Take(Report(attempt: 2, step: 19, preview: "old"));

        board.Of("e").ShouldNotBeNull().ShouldSatisfyAllConditions(now => now.Report.Attempt.ShouldBe(3), now => now.PreviewKey.ShouldBeNull());
    }

    [Fact]
    public void Forgets_what_nobody_reports_about_any_more()
    {
        var board = new ProgressBoard(_time);
        board.Take(Report(attempt: 1, step: 1));
        _time.Advance(TimeSpan.FromMinutes(16));

        board.ForgetOld();

        board.Of("e").ShouldBeNull();
    }

    private static EditProgressed Report(int attempt, int step, string? preview = null) =>
        new() { EditId = "e", Attempt = attempt, Output = 0, Step = step, Steps = 20, PreviewKey = preview };
}
