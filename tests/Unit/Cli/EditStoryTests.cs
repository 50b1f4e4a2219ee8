using FlexEdit.Cli.Api;
using FlexEdit.Cli.Showing;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Cli;

public sealed class EditStoryTests
{
    private static readonly JobUnderstanding s_chair = new() { Answer = "The masks mean \"chair\".", Label = "chair", Confidence = 0.934 };

    private readonly EditStory _story = new();

    [Fact]
    public void Tells_every_new_fact_once()
    {
        var job = new EditJob { Id = "edt_1", Status = "queued", Queue = new JobQueue { Position = 3 } };
        Tell(job).ShouldBe(["queued at place 3"]);
        Tell(job with { Queue = new JobQueue { Position = 2 } }).ShouldBeEmpty();
        Tell(job with { Status = "processing", Stage = "understanding" }).ShouldBe(["reading the picture, the mask and the instruction"]);

        job = job with { Status = "processing", Stage = "generating", Understanding = s_chair };
        Tell(job).ShouldBe(["The masks mean \"chair\". (93% sure)"]);
        Tell(job).ShouldBeEmpty();

        var timings = new JobTimings { QueuedMs = 3, UnderstandingMs = 41, GeneratingMs = 950, TotalMs = 1010 };
        Tell(job with { Status = "succeeded", Stage = null, Timings = timings })
            .ShouldBe(["succeeded in 1.0 s: queued 3 ms, understanding 41 ms, generating 950 ms"]);
    }

    [Fact]
    public void Tells_the_answer_also_when_the_edit_was_already_over()
    {
        Tell(new EditJob { Id = "edt_1", Status = "failed", Understanding = s_chair, Error = new JobError { Code = "model_error", Detail = "Not a number.", Retryable = true } })
            .ShouldBe(["The masks mean \"chair\". (93% sure)", "failed: Not a number. (model_error, worth another try)"]);
    }

    [Fact]
    public void Says_what_was_understood_and_how_to_go_on()
    {
        var job = new EditJob { Id = "edt_1", Status = "awaiting_approval", Understanding = s_chair with { FullMask = "/v1/edits/edt_1/full-mask", Candidates = [new() { Label = "chair", Confidence = 0.934 }, new() { Label = "stool", Confidence = 0.04 }] } };
        Tell(job).ShouldBe(["The masks mean \"chair\". (93% sure)", "waits for approval"]);

        var lines = Wording.ForApproval(job).ToArray();

        lines[1].ShouldBe("likeliest labels: chair (93%), stool (4%)");
        lines[2].ShouldEndWith("/v1/edits/edt_1/full-mask");
        lines[^1].ShouldStartWith("go on with: flexedit approve edt_1 ");
    }

    [Fact]
    public void Counts_the_steps_of_all_outputs()
    {
        Tell(new EditJob { Id = "edt_1", Status = "processing", Stage = "generating", Options = new JobOptions { N = 2 } });
        _story.Tell(new StepDone(Output: 0, Step: 3, Steps: 8));
        _story.Tell(new StepDone(Output: 1, Step: 2, Steps: 8));
        _story.Tell(new StepDone(Output: 0, Step: 1, Steps: 8)); // late

        (_story.Step, _story.Steps, _story.Phase).ShouldBe((5, 16, "painting"));
    }

    [Theory]
    [InlineData(null, "–")]
    [InlineData(3.4, "3 ms")]
    [InlineData(1010.0, "1.0 s")]
    [InlineData(125_000.0, "2 min 5 s")]
    public void Writes_durations_as_people_do(double? milliseconds, string expected) =>
        Wording.Duration(milliseconds).ShouldBe(expected);

    private string[] Tell(EditJob job) => [.. _story.Tell(new JobChanged(job))];
}
