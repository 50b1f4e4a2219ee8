using FlexEdit.Models.Schedulers;
using FlexEdit.Tests.Parity.Fixtures;
using Shouldly;
using Xunit;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Parity.Schedulers;

/// <summary>Whole trajectories of the published schedulers, with the reference's toy model and its noise.</summary>
public sealed class SchedulerParityTests
{
    [Theory]
    [FixtureCases("scheduler")]
    public void Follows_the_published_trajectory(string name)
    {
        using var scope = NewDisposeScope();
        using var fixture = FixtureCase.Open(name);
        var scheduler = Read(fixture);
        using var state = scheduler.Begin(Steps(fixture));
        var noise = fixture.Inputs.Tensors.ContainsKey("step_noise") ? fixture.Input("step_noise") : null;
        var scaled = fixture.Outputs.Tensors.ContainsKey("scaled_inputs") ? fixture.Output("scaled_inputs") : null;
        var trajectory = fixture.Output("trajectory");
        var sample = fixture.Input("sample") * state.Plan.InitialNoiseScale;
        var drawn = 0;
        while (!state.IsDone)
        {
            var step = state.StepIndex;
            var input = scheduler.ScaleInput(state, sample);
            if (scaled is not null)
                input.ShouldMatch(scaled[step], fixture.Tolerance, $"The input of step {step}");
            var fresh = scheduler.DrawsNoise(state) ? noise![drawn++] : null;
            sample = scheduler.Step(state, Model(input, state.Timestep), sample, fresh);
            sample.ShouldMatch(trajectory[step], fixture.Tolerance, $"The sample after step {step}");
        }
        state.StepIndex.ShouldBe((int)trajectory.shape[0]);
    }

    [Theory]
    [FixtureCases("scheduler")]
    public void Lays_out_the_published_time_steps_and_noise_levels(string name)
    {
        using var scope = NewDisposeScope();
        using var fixture = FixtureCase.Open(name);
        var plan = Read(fixture).Plan(Steps(fixture));
        tensor(plan.Timesteps.ToArray()).ShouldMatch(fixture.Output("timesteps"), 1e-6, "The time steps");
        if (fixture.Outputs.Tensors.ContainsKey("sigmas"))
            tensor(plan.Sigmas.ToArray()).ShouldMatch(fixture.Output("sigmas"), fixture.Tolerance, "The noise levels");
        if (fixture.Outputs.Tensors.ContainsKey("init_noise_sigma"))
            plan.InitialNoiseScale.ShouldBe(fixture.Output("init_noise_sigma").item<float>(), 1e-5);
    }

    [Theory]
    [FixtureCases("scheduler")]
    public void Noises_as_published(string name)
    {
        using var scope = NewDisposeScope();
        using var fixture = FixtureCase.Open(name);
        var scheduler = Read(fixture);
        var timesteps = fixture.Input("noise_timesteps").to(float64).data<double>().ToArray();
        scheduler.AddNoise(scheduler.Plan(Steps(fixture)), fixture.Input("x0"), fixture.Input("noise"), timesteps)
            .ShouldMatch(fixture.Output("add_noise"), fixture.Tolerance, "The noised sample");
    }

    [Theory]
    [FixtureCases("scheduler")]
    public void Has_the_published_noise_schedule(string name)
    {
        using var scope = NewDisposeScope();
        using var fixture = FixtureCase.Open(name);
        var schedule = Read(fixture) switch
        {
            TimestepScheduler timestep => timestep.Schedule,
            SigmaScheduler sigma => sigma.Schedule,
            MultistepScheduler multistep => multistep.Schedule,
            _ => null,
        };
        if (schedule is null)
        {
            // Flow matching has no discrete process, here as in the reference.
            fixture.Outputs.Tensors.Keys.ShouldNotContain("alphas_cumprod");
            return;
        }
        tensor(schedule.AlphasCumprod.ToArray()).ShouldMatch(fixture.Output("alphas_cumprod"), 1e-6, "The table of alphas");
        if (!fixture.Outputs.Tensors.ContainsKey("velocity"))
            return;
        var timesteps = fixture.Input("noise_timesteps").to(float64).data<double>().Select(t => (int)t).ToArray();
        schedule.Velocity(fixture.Input("x0"), fixture.Input("noise"), timesteps)
            .ShouldMatch(fixture.Output("velocity"), fixture.Tolerance, "The velocity");
    }

    [Theory]
    [FixtureCases("scheduler")]
    public void Rows_of_a_batch_at_different_steps_follow_their_own_trajectories(string name)
    {
        using var scope = NewDisposeScope();
        using var fixture = FixtureCase.Open(name);
        var scheduler = Read(fixture);
        var plan = scheduler.Plan(Steps(fixture));
        var noise = fixture.Inputs.Tensors.ContainsKey("step_noise") ? fixture.Input("step_noise") : null;
        var trajectory = fixture.Output("trajectory");
        var start = fixture.Input("sample") * plan.InitialNoiseScale;
        using var early = plan.Begin();
        using var late = plan.Begin();
        var ahead = Math.Max(1, plan.Steps / 2);
        Tensor Fresh(SamplerState state) => scheduler.DrawsNoise(state) ? noise![state.StepIndex] : zeros_like(start);
        Tensor Output(SamplerState state, Tensor sample) => Model(scheduler.ScaleInput(state, sample), state.Timestep);

        var first = start;
        while (early.StepIndex < ahead)
            first = scheduler.Step(early, Output(early, first), first, Fresh(early));
        var second = start;
        while (!early.IsDone)
        {
            var rows = scheduler.StepRows([early, late], cat([Output(early, first), Output(late, second)], 0), cat([first, second], 0), [Fresh(early), Fresh(late)]);
            (first, second) = (rows.narrow(0, 0, 1), rows.narrow(0, 1, 1));
        }
        first.ShouldMatch(trajectory[early.StepIndex - 1], fixture.Tolerance, "The run ahead");
        second.ShouldMatch(trajectory[late.StepIndex - 1], fixture.Tolerance, "The run behind");
    }

    private static Scheduler Read(FixtureCase fixture) => SchedulerCatalog.Create(
        SchedulerConfig.FromJson(System.IO.File.ReadAllText(fixture.File("config.json")), fixture.Json.GetProperty("class").GetString()));

    private static int Steps(FixtureCase fixture) => fixture.Json.GetProperty("steps").GetInt32();

    // The reference's stand-in for a network; see the cases' notes.
    private static Tensor Model(Tensor sample, double timestep) => (sample * 0.3) + (((sample * 2) + (timestep / 200)).sin() * 0.5);
}
