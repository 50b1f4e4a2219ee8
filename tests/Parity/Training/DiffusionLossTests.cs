using FlexEdit.Models.Schedulers;
using FlexEdit.Tests.Parity.Fixtures;
using Shouldly;
using Xunit;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Parity.Training;

public sealed class DiffusionLossTests
{
    private static readonly NoiseSchedule s_schedule = new(new SchedulerConfig { ClassName = SchedulerNames.Ddpm, BetaStart = 0.00085, BetaEnd = 0.012, BetaSchedule = BetaSchedule.ScaledLinear });

    [Fact]
    public void The_target_is_what_the_network_predicts()
    {
        using var scope = NewDisposeScope();
        var (clean, noise) = (randn(2, 4), randn(2, 4));
        int[] steps = [3, 900];

        DiffusionLoss.Target(s_schedule, PredictionType.Epsilon, clean, noise, steps).ShouldMatch(noise, 0);
        DiffusionLoss.Target(s_schedule, PredictionType.Sample, clean, noise, steps).ShouldMatch(clean, 0);
        DiffusionLoss.Target(s_schedule, PredictionType.VPrediction, clean, noise, steps).ShouldMatch(s_schedule.Velocity(clean, noise, steps), 0);
        Should.Throw<ArgumentException>(() => DiffusionLoss.Target(s_schedule, PredictionType.FlowPrediction, clean, noise, steps)).Message
            .ShouldStartWith("FlowPrediction belongs to no discrete noising process.");
        Should.Throw<ArgumentException>(() => DiffusionLoss.MinSnrWeights(s_schedule, PredictionType.FlowPrediction, steps));
    }

    [Fact]
    public void A_prediction_of_the_clean_sample_weighs_the_capped_ratio_itself()
    {
        using var scope = NewDisposeScope();
        var noisy = s_schedule.SignalToNoise(900);
        noisy.ShouldBeLessThan(5);

        DiffusionLoss.MinSnrWeights(s_schedule, PredictionType.Sample, [0, 900]).ShouldMatch(tensor(new[] { 5f, (float)noisy }), 1e-6);
    }

    [Fact]
    public void A_step_without_signal_has_a_finite_weight()
    {
        using var scope = NewDisposeScope();
        var schedule = new NoiseSchedule(new SchedulerConfig { ClassName = SchedulerNames.Ddpm, RescaleBetasZeroSnr = true });

        DiffusionLoss.MinSnrWeights(schedule, PredictionType.Epsilon, [999]).item<float>().ShouldBe(1);
        DiffusionLoss.MinSnrWeights(schedule, PredictionType.VPrediction, [999]).item<float>().ShouldBe(0);
    }

    [Fact]
    public void Rows_are_weighted_and_averaged()
    {
        using var scope = NewDisposeScope();
        var predicted = tensor(new float[,] { { 1, 3 }, { 2, 2 } });

        DiffusionLoss.Of(predicted, zeros(2, 2)).item<float>().ShouldBe((5 + 4) / 2f);
        DiffusionLoss.Of(predicted, zeros(2, 2), tensor(new[] { 2f, 0f })).item<float>().ShouldBe(5);
    }
}
