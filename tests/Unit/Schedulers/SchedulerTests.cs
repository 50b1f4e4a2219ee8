using FlexEdit.Models.Schedulers;
using Shouldly;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Unit.Schedulers;

public sealed class SchedulerTests
{
    public static TheoryData<string> EveryScheduler => [.. SchedulerNames.All];

    [Theory]
    [MemberData(nameof(EveryScheduler))]
    public void Leads_a_network_that_knows_the_answer_to_the_answer(string name)
    {
        using var scope = NewDisposeScope();
        var answer = (rand(1, 4, 4, 4) * 1.8) - 0.9;
        var scheduler = Create(name, "sample");
        using var state = scheduler.Begin(6);
        var sample = randn(1, 4, 4, 4) * state.Plan.InitialNoiseScale;
        while (!state.IsDone)
            sample = scheduler.Step(state, answer, sample, randn(1, 4, 4, 4));
        // DDIM and DDPM with published defaults stop at a level that is not quite clean; the others arrive.
        (sample - answer).abs().max().ToDouble().ShouldBeLessThan(name is SchedulerNames.Ddim or SchedulerNames.Ddpm ? 0.1 : 1e-3);
    }

    [Theory]
    [MemberData(nameof(EveryScheduler))]
    public void Predicts_the_clean_sample_from_whatever_the_network_predicts(string name)
    {
        using var scope = NewDisposeScope();
        var clean = (rand(2, 4, 4, 4) * 1.8) - 0.9;
        var noise = randn(2, 4, 4, 4);
        var flow = name == SchedulerNames.FlowMatchEuler;
        foreach (var type in flow ? (string[])["flow_prediction", "sample"] : ["epsilon", "v_prediction", "sample"])
        {
            var scheduler = Create(name, type);
            using var state = scheduler.Plan(8).Begin(firstStep: 4);
            var sample = scheduler.AddNoise(state.Plan, clean, noise, [state.Timestep, state.Timestep]);
            var output = type switch
            {
                "epsilon" => noise,
                "sample" => clean,
                "flow_prediction" => noise - clean,
                _ => Velocity(scheduler, state, clean, noise),
            };
            (scheduler.PredictClean(state, output, sample) - clean).abs().max().ToDouble().ShouldBeLessThan(1e-3, type);
        }
    }

    [Fact]
    public void Returns_float32_whatever_the_network_computes_in()
    {
        using var scope = NewDisposeScope();
        var scheduler = Create(SchedulerNames.DpmSolver, "epsilon");
        using var state = scheduler.Begin(4);
        scheduler.Step(state, randn(1, 4, 4, 4).to(bfloat16), randn(1, 4, 4, 4)).dtype.ShouldBe(float32);
    }

    [Fact]
    public void Refuses_to_draw_without_noise()
    {
        using var scope = NewDisposeScope();
        var scheduler = Create(SchedulerNames.EulerAncestral, "epsilon");
        using var state = scheduler.Begin(4);
        scheduler.DrawsNoise(state).ShouldBeTrue();
        Should.Throw<ArgumentException>(() => scheduler.Step(state, zeros(1, 4), zeros(1, 4))).Message.ShouldContain("needs noise");
        state.StepIndex.ShouldBe(0);
    }

    [Fact]
    public void Refuses_an_output_of_another_shape()
    {
        using var scope = NewDisposeScope();
        var scheduler = Create(SchedulerNames.Ddim, "epsilon");
        using var state = scheduler.Begin(4);
        Should.Throw<ArgumentException>(() => scheduler.Step(state, zeros(1, 3), zeros(1, 4))).Message.ShouldContain("[1, 3] does not fit a sample of shape [1, 4]");
    }

    [Fact]
    public void Refuses_a_step_after_the_last()
    {
        using var scope = NewDisposeScope();
        var scheduler = Create(SchedulerNames.Ddim, "epsilon");
        using var state = scheduler.Begin(1);
        scheduler.Step(state, zeros(1, 4), zeros(1, 4)).Dispose();
        state.IsDone.ShouldBeTrue();
        Should.Throw<InvalidOperationException>(() => scheduler.Step(state, zeros(1, 4), zeros(1, 4)));
        Should.Throw<InvalidOperationException>(() => state.Timestep);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1001)]
    public void Refuses_runs_longer_than_the_training_process_or_empty(int steps) =>
        Should.Throw<ArgumentOutOfRangeException>(() => Create(SchedulerNames.Ddim, "epsilon").Plan(steps)).Message.ShouldContain("1 to 1000 steps");

    [Fact]
    public void Trailing_flow_steps_move_equally_far_and_shift_stays_at_the_ends()
    {
        Flow("""{ "timestep_spacing": "trailing" }""").Plan(4).Sigmas.ShouldBe([1, 0.75, 0.5, 0.25, 0]);
        var shifted = Flow("""{ "timestep_spacing": "trailing", "shift": 3.0 }""").Plan(4).Sigmas;
        shifted[0].ShouldBe(1);
        shifted[2].ShouldBe(0.75, 1e-12); // 3·0.5/(1 + 2·0.5)
        shifted[4].ShouldBe(0);
    }

    [Fact]
    public void A_flow_step_on_x0_equals_the_step_on_its_velocity()
    {
        using var scope = NewDisposeScope();
        var (sample, clean) = (randn(1, 4, 4, 4), randn(1, 4, 4, 4));
        var (onClean, onVelocity) = (Flow("""{ "prediction_type": "sample" }"""), Flow("{}"));
        using var first = onClean.Plan(5).Begin(2);
        using var second = onVelocity.Plan(5).Begin(2);
        var velocity = (sample - clean) / first.Plan.Sigmas[2];
        var difference = onClean.Step(first, clean, sample) - onVelocity.Step(second, velocity, sample);
        difference.abs().max().ToDouble().ShouldBeLessThan(1e-6);
    }

    [Fact]
    public void Remembers_nothing_between_runs()
    {
        using var scope = NewDisposeScope();
        var scheduler = Create(SchedulerNames.DpmSolver, "epsilon");
        var start = randn(1, 4, 4, 4);
        Tensor Run()
        {
            using var state = scheduler.Begin(5);
            var sample = start;
            while (!state.IsDone)
                sample = scheduler.Step(state, sample * 0.5, sample);
            return sample;
        }
        Run().Equals(Run()).ShouldBeTrue();
    }

    private static Tensor Velocity(Scheduler scheduler, SamplerState state, Tensor clean, Tensor noise)
    {
        var level = scheduler is TimestepScheduler timestep
            ? timestep.Schedule.Level((int)state.Timestep)
            : NoiseLevel.FromSigma(state.Plan.Sigmas[state.StepIndex]);
        return (noise * level.Signal) - (clean * level.Noise);
    }

    private static Scheduler Flow(string json) => SchedulerCatalog.Create(SchedulerConfig.FromJson(json, SchedulerNames.FlowMatchEuler));

    private static Scheduler Create(string name, string prediction) =>
        SchedulerCatalog.Create(SchedulerConfig.FromJson($$"""{ "prediction_type": "{{prediction}}", "clip_sample": false }""", name));
}
