using System.Collections.Concurrent;
using FlexEdit.Generation.Engine;
using FlexEdit.Models.Editing;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Generation;

public sealed class GenerationEngineTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Paints_each_picture_of_its_own_seed_on_one_thread()
    {
        var model = new ScriptedEditModel();
        using var engine = Engine(model);

        var crops = await Task.WhenAll(Enumerable.Range(1, 20).Select(seed => Paint(engine, (uint)seed, steps: 1 + (seed % 4))));

        crops.Select(c => (int)c.Picture[0]).ShouldBe(Enumerable.Range(1, 20));
        model.Threads.Distinct().Count().ShouldBe(1);
        model.Alive.ShouldBe(0);
    }

    [Fact]
    public async Task Steps_pictures_together_and_lets_new_ones_join_between_two_steps()
    {
        var model = new ScriptedEditModel { Gated = true };
        using var engine = Engine(model);
        var stepped = new BlockingCollection<int>();

        var first = engine.PaintAsync(ScriptedEditModel.Request(1, steps: 3), p => stepped.Add(p.Step, Token), Token);
        stepped.Take(Token).ShouldBe(0);
        var second = Paint(engine, 2, steps: 2);
        model.LetStep(3);
        await Task.WhenAll(first, second);

        model.Batches.ShouldBe([1, 2, 2]);
    }

    [Fact]
    public async Task Never_holds_more_pictures_than_slots()
    {
        var model = new ScriptedEditModel();
        using var engine = Engine(model, slots: 2);

        await Task.WhenAll(Enumerable.Range(1, 9).Select(seed => Paint(engine, (uint)seed)));

        model.Batches.Max().ShouldBe(2);
    }

    [Fact]
    public async Task Lets_go_of_a_cancelled_picture_before_the_next_step_and_goes_on_with_the_others()
    {
        var model = new ScriptedEditModel { Gated = true };
        using var engine = Engine(model);
        using var cancel = new CancellationTokenSource();
        var begun = new BlockingCollection<int>();
        var canceled = engine.PaintAsync(ScriptedEditModel.Request(1, steps: 50), p => begun.Add(p.Step, Token), cancel.Token);
        begun.Take(Token).ShouldBe(0);
        var other = Paint(engine, 2, steps: 2);

        await cancel.CancelAsync();
        model.LetStep(); // the step that is running when the cancel comes
        await Should.ThrowAsync<OperationCanceledException>(canceled);
        model.LetStep(2);

        (await other).Picture[0].ShouldBe((byte)2);
        model.Batches.Count.ShouldBe(3);
        begun.ShouldBe([1], "no step after the cancel");
    }

    [Fact]
    public async Task Lets_go_of_a_picture_that_is_cancelled_while_it_waits()
    {
        var model = new ScriptedEditModel { Gated = true };
        using var engine = Engine(model, slots: 1);
        using var cancel = new CancellationTokenSource();
        var begun = new BlockingCollection<int>();
        var first = engine.PaintAsync(ScriptedEditModel.Request(1, steps: 2), p => begun.Add(p.Step, Token), Token);
        begun.Take(Token);
        var waiting = engine.PaintAsync(ScriptedEditModel.Request(2), null, cancel.Token);

        await cancel.CancelAsync();
        model.LetStep();
        await Should.ThrowAsync<OperationCanceledException>(waiting);
        model.LetStep();

        await first;
        model.Batches.ShouldBe([1, 1]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Fails_only_the_picture_whose_step_fails(bool movesOnBeforeFailing)
    {
        var model = new ScriptedEditModel { Poison = 3, MovesOnBeforeFailing = movesOnBeforeFailing };
        using var engine = Engine(model);

        var pictures = Enumerable.Range(1, 6).Select(seed => Paint(engine, (uint)seed)).ToArray();

        foreach (var (picture, seed) in pictures.Select((p, i) => (p, i + 1)))
        {
            if (seed == 3)
                (await Should.ThrowAsync<InvalidOperationException>(picture)).Message.ShouldBe("poison");
            else
                (await picture).Picture[0].ShouldBe((byte)seed);
        }
        model.Alive.ShouldBe(0);
    }

    [Fact]
    public async Task Splits_a_batch_that_runs_out_of_memory()
    {
        var model = new ScriptedEditModel { Memory = 2 };
        using var engine = Engine(model);

        var crops = await Task.WhenAll(Enumerable.Range(1, 8).Select(seed => Paint(engine, (uint)seed, steps: 5)));

        crops.Select(c => (int)c.Picture[0]).ShouldBe(Enumerable.Range(1, 8));
        model.Batches.Skip(model.Batches.Count - 4).ShouldAllBe(batch => batch <= 2);
    }

    [Fact]
    public async Task Fails_a_picture_for_which_alone_there_is_not_enough_memory()
    {
        using var engine = Engine(new ScriptedEditModel { Memory = 0 });

        await Should.ThrowAsync<OutOfMemoryException>(Paint(engine, 1));
    }

    [Fact]
    public async Task Keeps_a_picture_waiting_that_has_no_room_beside_the_others()
    {
        var model = new ScriptedEditModel { Room = 2 };
        using var engine = Engine(model);

        var crops = await Task.WhenAll(Enumerable.Range(1, 7).Select(seed => Paint(engine, (uint)seed)));

        crops.Select(c => (int)c.Picture[0]).ShouldBe(Enumerable.Range(1, 7));
    }

    [Fact]
    public async Task Reports_every_step_and_a_preview_after_every_second()
    {
        using var engine = new GenerationEngine("scripted", () => new ScriptedEditModel(), 4, 2, TimeProvider.System);
        var reports = new ConcurrentQueue<PaintingProgress>();

        await engine.PaintAsync(ScriptedEditModel.Request(1, steps: 5), reports.Enqueue, Token);

        reports.Select(r => r.Step).ShouldBe([0, 1, 2, 3, 4, 5, 5]);
        reports.Where(r => r.Preview is not null).Select(r => r.Step).ShouldBe([2, 4]);
        reports.ShouldAllBe(r => r.Steps == 5 && r.ModelMs >= 0);
    }

    [Fact]
    public async Task Cancels_what_it_holds_and_disposes_of_the_model_when_it_stops()
    {
        var model = new ScriptedEditModel { Gated = true };
        var engine = Engine(model);
        var begun = new BlockingCollection<int>();
        // More steps than it can get through before it is told to stop.
        var flying = engine.PaintAsync(ScriptedEditModel.Request(1, steps: int.MaxValue), p => begun.Add(p.Step, Token), Token);
        begun.Take(Token);

        var stop = Task.Run(engine.Dispose, Token);
        while (!flying.IsCompleted)
        {
            model.LetStep();
            await Task.Yield();
        }
        await Should.ThrowAsync<OperationCanceledException>(flying);
        await stop;

        model.IsDisposed.ShouldBeTrue();
        model.Alive.ShouldBe(0);
        await engine.Ended;
    }

    [Fact]
    public async Task Says_why_the_model_could_not_be_loaded()
    {
        using var engine = new GenerationEngine("scripted", () => throw new InvalidOperationException("no weights"), 4, 0, TimeProvider.System);

        (await Should.ThrowAsync<InvalidOperationException>(engine.Ready)).Message.ShouldBe("no weights");
        await Should.ThrowAsync<InvalidOperationException>(Paint(engine, 1));
    }

    private static GenerationEngine Engine(ScriptedEditModel model, int slots = 8) => new("scripted", () => model, slots, 0, TimeProvider.System);

    private static Task<GeneratedCrop> Paint(GenerationEngine engine, uint seed, int steps = 3) =>
        engine.PaintAsync(ScriptedEditModel.Request(seed, steps), null, Token);
}
