using FlexEdit.Generation.Edits;
using FlexEdit.Generation.Engine;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Generation;

public sealed class ProgressPaceTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Tells_the_first_and_the_last_step_and_ten_a_second_between()
    {
        var pace = new ProgressPace(1, _time);

        // 50 steps of 20 ms.
        Told(pace, steps: 50, TimeSpan.FromMilliseconds(20)).ShouldBe([0, 1, 6, 11, 16, 21, 26, 31, 36, 41, 46, 50]);
    }

    [Fact]
    public void Tells_every_step_of_a_slow_model_and_every_preview()
    {
        Told(new ProgressPace(1, _time), steps: 6, TimeSpan.FromMilliseconds(100)).ShouldBe([0, 1, 2, 3, 4, 5, 6]);
        Told(new ProgressPace(1, _time), steps: 8, TimeSpan.FromMilliseconds(1), preview: 5).ShouldBe([0, 1, 5, 8]);
    }

    [Fact]
    public void Each_output_has_a_pace_of_its_own()
    {
        var pace = new ProgressPace(2, _time);

        foreach (var step in Enumerable.Range(1, 3))
        {
            // Both are painted in one batch.
            var due = pace.IsDue(0, new PaintingProgress(step, 4, 1, null));
            pace.IsDue(1, new PaintingProgress(step, 4, 1, null)).ShouldBe(due);
            _time.Advance(TimeSpan.FromMilliseconds(50));
        }
    }

    private List<int> Told(ProgressPace pace, int steps, TimeSpan stepTime, int preview = -1)
    {
        var told = new List<int>();
        for (var step = 0; step <= steps; step++)
        {
            if (pace.IsDue(0, new PaintingProgress(step, steps, 1, step == preview ? [0] : null)))
                told.Add(step);
            _time.Advance(stepTime);
        }
        return told;
    }
}
