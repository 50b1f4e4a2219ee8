using FlexEdit.Contracts.Edits;
using FlexEdit.Contracts.Ledger;
using FlexEdit.Platform.Attempts;
using FlexEdit.Tests.Unit.Storage;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Attempts;

/// <summary>The runner against the real ledger. Worker and ledger have clocks of their own.</summary>
public sealed class AttemptRunnerTests : IAsyncLifetime
{
    private readonly TestFolder _folder = new();
    private readonly FakeTimeProvider _workerTime = new();
    private readonly RunningAttempts _running = new();
    private readonly ApplicationLifetime _lifetime = new(NullLogger<ApplicationLifetime>.Instance);
    private readonly TaskCompletionSource<RunningAttempt> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _mayEnd = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private StorageUnderTest _storage = null!;
    private WatchedLedger _ledger = null!;

    public async ValueTask InitializeAsync()
    {
        _storage = await StorageUnderTest.StartAsync(_folder);
        _ledger = new WatchedLedger(_storage.Attempts);
    }

    public async ValueTask DisposeAsync()
    {
        await _storage.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Moves_the_edit_on_when_the_work_is_done()
    {
        var id = await _storage.SubmitAsync();

        await Runner().RunAsync(id, EditStage.Understanding, Done);

        var row = await _storage.RowAsync(id);
        (row.Stage, row.Attempts.Single().Outcome, row.Attempts.Single().Worker).ShouldBe((EditStage.Generating, "ok", "worker-7"));
        _running.Count.ShouldBe(0);
    }

    [Fact]
    public async Task Does_no_work_where_there_is_nothing_to_claim()
    {
        var id = await _storage.SubmitAsync();
        await _storage.ClaimedAsync(id);

        await Runner().RunAsync(id, EditStage.Understanding, _ => throw new InvalidOperationException("Worked."));

        (await _storage.RowAsync(id)).LiveAttempt.ShouldBe(1);
    }

    [Fact]
    public async Task Keeps_its_lease_alive_while_it_works()
    {
        var id = await _storage.SubmitAsync();
        var run = Runner().RunAsync(id, EditStage.Understanding, WaitAndFinish);
        await _started.Task;

        for (var i = 0; i < 6; i++)
        {
            _storage.Time.Advance(TimeSpan.FromSeconds(20));
            _workerTime.Advance(TimeSpan.FromSeconds(20));
            await _ledger.AnsweredAsync("heartbeat");
        }
        await _storage.Sweep.SweepAsync(TestContext.Current.CancellationToken);
        _mayEnd.SetResult();
        await run;

        var row = await _storage.RowAsync(id);
        (row.Stage, row.Attempts.Single().Outcome).ShouldBe((EditStage.Generating, "ok"));
    }

    [Fact]
    public async Task Lets_go_of_a_canceled_edit_and_leaves_a_receipt()
    {
        var id = await _storage.SubmitAsync();
        var run = Runner().RunAsync(id, EditStage.Understanding, CountAndWait);
        await _started.Task;

        await _storage.CancelAsync(id);
        _running.Cancel(id, 1);
        await run;

        var row = await _storage.RowAsync(id);
        row.Status.ShouldBe(EditStatus.Canceled);
        row.CancellationJson!.ShouldContain("\"steps_run\":3,\"model_ms\":12.5");
    }

    [Fact]
    public async Task Hears_of_a_cancel_by_its_heartbeat_when_the_message_was_lost()
    {
        var id = await _storage.SubmitAsync();
        var run = Runner().RunAsync(id, EditStage.Understanding, CountAndWait);
        await _started.Task;

        await _storage.CancelAsync(id);
        _workerTime.Advance(TimeSpan.FromSeconds(20));
        await run;

        (await _storage.StatusAsync(id)).ShouldBe(EditStatus.Canceled);
    }

    [Fact]
    public async Task Hears_a_cancel_that_overtakes_the_answer_to_its_claim()
    {
        var id = await _storage.SubmitAsync();
        _ledger.After = async call =>
        {
            if (call != "claim")
                return;
            await _storage.CancelAsync(id);
            _running.Cancel(id, 1);
        };

        await Runner().RunAsync(id, EditStage.Understanding, CountAndWait);

        (await _storage.StatusAsync(id)).ShouldBe(EditStatus.Canceled);
    }

    [Fact]
    public async Task Leaves_a_receipt_when_the_cancel_came_while_the_result_was_on_its_way()
    {
        var id = await _storage.SubmitAsync();
        var run = Runner().RunAsync(id, EditStage.Understanding, WaitAndFinish);
        await _started.Task;

        await _storage.CancelAsync(id); // and the message is late
        _mayEnd.SetResult();
        await run;

        (await _storage.StatusAsync(id)).ShouldBe(EditStatus.Canceled);
    }

    [Fact]
    public async Task Cancels_only_the_attempt_that_is_named()
    {
        var id = await _storage.SubmitAsync();
        var run = Runner().RunAsync(id, EditStage.Understanding, WaitAndFinish);
        await _started.Task;

        _running.Cancel(id, 2);
        _mayEnd.SetResult();
        await run;

        (await _storage.RowAsync(id)).Attempts.Single().Outcome.ShouldBe("ok");
    }

    [Fact]
    public async Task Drops_the_work_when_the_ledger_gave_the_edit_to_another()
    {
        var id = await _storage.SubmitAsync();
        var run = Runner().RunAsync(id, EditStage.Understanding, CountAndWait);
        await _started.Task;

        _storage.Time.Advance(TimeSpan.FromSeconds(61));
        await _storage.Sweep.SweepAsync(TestContext.Current.CancellationToken);
        _workerTime.Advance(TimeSpan.FromSeconds(20));
        await run;

        (await _started.Task).Reason.ShouldBe(AttemptStop.Superseded);
        (await _storage.RowAsync(id)).Attempts.Single().Outcome.ShouldBe("lost");
    }

    [Fact]
    public async Task Stops_when_the_ledger_is_silent_for_longer_than_the_lease()
    {
        var id = await _storage.SubmitAsync();
        var run = Runner().RunAsync(id, EditStage.Understanding, CountAndWait);
        await _started.Task;

        _ledger.Before = _ => throw new HttpRequestException("down");
        _workerTime.Advance(TimeSpan.FromSeconds(60));
        await run;

        (await _started.Task).Reason.ShouldBe(AttemptStop.LeaseLost);
    }

    [Theory]
    [InlineData("claim")]
    [InlineData("finish")]
    public async Task Repeats_a_call_that_the_ledger_does_not_answer(string call)
    {
        var id = await _storage.SubmitAsync();
        var failures = 0;
        _ledger.Before = name =>
        {
            if (name == call && ++failures <= 3)
                throw new HttpRequestException("restarting");
        };

        await Runner(TimeProvider.System).RunAsync(id, EditStage.Understanding, Done);

        failures.ShouldBe(4);
        (await _storage.RowAsync(id)).Attempts.Single().Outcome.ShouldBe("ok");
    }

    [Fact]
    public async Task Gives_the_result_once_when_only_the_answer_was_lost()
    {
        var id = await _storage.SubmitAsync();
        var lost = false;
        _ledger.After = call =>
        {
            if (call != "finish" || lost)
                return Task.CompletedTask;
            lost = true;
            throw new HttpRequestException("the answer was lost");
        };

        await Runner(TimeProvider.System).RunAsync(id, EditStage.Understanding, Done);

        lost.ShouldBeTrue();
        var row = await _storage.RowAsync(id);
        (row.Stage, row.LastAttempt).ShouldBe((EditStage.Generating, 1));
    }

    [Fact]
    public async Task Gives_up_a_claim_after_a_while()
    {
        var id = await _storage.SubmitAsync();
        _ledger.Before = _ => throw new HttpRequestException("down");

        await Runner(TimeProvider.System, patience: TimeSpan.FromMilliseconds(100)).RunAsync(id, EditStage.Understanding, Done);

        (await _storage.StatusAsync(id)).ShouldBe(EditStatus.Queued);
    }

    [Fact]
    public async Task Fails_an_edit_that_runs_too_long()
    {
        using var folder = new TestFolder();
        await using var storage = await StorageUnderTest.StartAsync(folder, null, null, settings: ("Storage:RunDeadline", "00:00:05"));
        _ledger = new WatchedLedger(storage.Attempts);
        var id = await storage.SubmitAsync();
        var run = Runner().RunAsync(id, EditStage.Understanding, CountAndWait);
        await _started.Task;

        _workerTime.Advance(TimeSpan.FromSeconds(5));
        await run;

        (await storage.RowAsync(id)).ErrorJson!.ShouldContain("deadline_exceeded");
    }

    [Fact]
    public async Task Gives_the_attempt_back_uncounted_when_the_process_stops()
    {
        var id = await _storage.SubmitAsync();
        var run = Runner().RunAsync(id, EditStage.Understanding, CountAndWait);
        await _started.Task;

        _lifetime.StopApplication();
        await run;

        var row = await _storage.RowAsync(id);
        (row.Attempts.Single().Outcome, row.StageAttempts, row.WaitingFor).ShouldBe(("released", 0, EditStage.Understanding));
    }

    [Fact]
    public async Task A_worker_that_drains_finishes_what_it_holds_and_takes_nothing_more()
    {
        var (id, next) = (await _storage.SubmitAsync(), await _storage.SubmitAsync());
        var runner = Runner(drainFor: TimeSpan.FromMinutes(10));
        var run = runner.RunAsync(id, EditStage.Understanding, WaitAndFinish);
        await _started.Task;

        _lifetime.StopApplication();
        (await runner.RunAsync(next, EditStage.Understanding, CountAndWait)).ShouldBeFalse();
        run.IsCompleted.ShouldBeFalse();
        _mayEnd.SetResult();
        (await run).ShouldBeTrue();
        (await _storage.RowAsync(id)).Attempts.Single().Outcome.ShouldBe("ok");
    }

    [Fact]
    public async Task A_worker_that_has_drained_long_enough_gives_back()
    {
        var id = await _storage.SubmitAsync();
        var run = Runner(drainFor: TimeSpan.FromSeconds(5)).RunAsync(id, EditStage.Understanding, CountAndWait);
        await _started.Task;

        _lifetime.StopApplication();
        _workerTime.Advance(TimeSpan.FromSeconds(4));
        run.IsCompleted.ShouldBeFalse();
        _workerTime.Advance(TimeSpan.FromSeconds(1));
        await run;

        (await _storage.RowAsync(id)).Attempts.Single().Outcome.ShouldBe("released");
    }

    [Fact]
    public async Task Fails_with_the_error_that_the_work_names()
    {
        var id = await _storage.SubmitAsync();

        await Runner().RunAsync(id, EditStage.Understanding, _ => throw new AttemptException(AttemptErrors.InputUnreadable("scene")));

        var row = await _storage.RowAsync(id);
        row.Status.ShouldBe(EditStatus.Failed);
        row.ErrorJson.ShouldBe("""{"code":"input_unreadable","detail":"The stored scene cannot be read.","retryable":false}""");
    }

    [Fact]
    public async Task Keeps_the_words_of_an_unforeseen_failure_to_itself_and_lets_the_ledger_try_again()
    {
        var id = await _storage.SubmitAsync();

        await Runner().RunAsync(id, EditStage.Understanding, _ => throw new InvalidOperationException("/secret/path"));

        var row = await _storage.RowAsync(id);
        (row.Attempts.Single().Outcome, row.Attempts.Single().ErrorCode, row.WaitingFor).ShouldBe(("failed", "model_error", EditStage.Understanding));
        AttemptErrors.Of(new InvalidOperationException("/secret/path")).Detail.ShouldNotContain("secret");
    }

    [Fact]
    public void Tells_a_lack_of_memory_from_a_failing_model()
    {
        AttemptErrors.Of(new InsufficientMemoryException()).Code.ShouldBe("out_of_memory");
        AttemptErrors.Of(new TorchException("DefaultCPUAllocator: can't allocate memory: you tried to allocate")).Code.ShouldBe("out_of_memory");
        AttemptErrors.Of(new TorchException("shape mismatch")).Code.ShouldBe("model_error");
    }

    private AttemptRunner Runner(TimeProvider? time = null, TimeSpan? patience = null, TimeSpan drainFor = default) => new(
        _ledger,
        _running,
        _lifetime,
        time ?? _workerTime,
        Options.Create(new AttemptOptions { Name = "worker-7", ClaimPatience = patience ?? TimeSpan.FromSeconds(10), DrainFor = drainFor }),
        NullLogger<AttemptRunner>.Instance);

    private static Task<FinishAttempt> Done(RunningAttempt attempt) => Task.FromResult(Finish(attempt));

    private async Task<FinishAttempt> WaitAndFinish(RunningAttempt attempt)
    {
        _started.SetResult(attempt);
        await _mayEnd.Task.WaitAsync(attempt.Stopping);
        return Finish(attempt);
    }

    private async Task<FinishAttempt> CountAndWait(RunningAttempt attempt)
    {
        attempt.Count(3, 12.5);
        _started.SetResult(attempt);
        await _mayEnd.Task.WaitAsync(attempt.Stopping);
        throw new InvalidOperationException("Was not stopped.");
    }

    private static FinishAttempt Finish(RunningAttempt attempt)
    {
        var finished = new UnderstandingFinished { Attempt = attempt.Grant.Attempt, Result = Samples.Understood, ModelMs = 1 };
        return (ledger, token) => ledger.FinishUnderstandingAsync(finished, token);
    }

    // What libtorch's own failures arrive as.
    private sealed class TorchException(string message) : System.Runtime.InteropServices.ExternalException(message);
}
