using System.Text.Json;
using FlexEdit.Models.Schedulers;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Schedulers;

public sealed class SchedulerConfigTests
{
    [Fact]
    public void Reads_bare_infinities_but_leaves_strings_alone()
    {
        var config = SchedulerConfig.FromJson("""{ "note": "a \"-Infinity: NaN", "lambda_min_clipped": -Infinity }""", SchedulerNames.DpmSolver);
        config.LambdaMinClipped.ShouldBe(double.NegativeInfinity);
    }

    [Fact]
    public void Takes_the_class_from_the_file_or_from_the_caller()
    {
        SchedulerConfig.FromJson("""{ "_class_name": "DDIMScheduler" }""").ClassName.ShouldBe(SchedulerNames.Ddim);
        SchedulerConfig.FromJson("""{ "_class_name": "PNDMScheduler" }""", SchedulerNames.Ddim).ClassName.ShouldBe(SchedulerNames.Ddim);
        Should.Throw<JsonException>(() => SchedulerConfig.FromJson("{}")).Message.ShouldContain("_class_name");
    }

    [Fact]
    public void Keys_left_out_have_the_defaults_of_their_class()
    {
        SchedulerConfig.FromJson("{}", SchedulerNames.Ddim).TimestepSpacing.ShouldBe(TimestepSpacing.Leading);
        SchedulerConfig.FromJson("{}", SchedulerNames.Ddim).ClipSample.ShouldBeTrue();
        SchedulerConfig.FromJson("{}", SchedulerNames.DpmSolver).TimestepSpacing.ShouldBe(TimestepSpacing.Linspace);
        SchedulerConfig.FromJson("{}", SchedulerNames.Lcm).BetaSchedule.ShouldBe(BetaSchedule.ScaledLinear);
        SchedulerConfig.FromJson("{}", SchedulerNames.FlowMatchEuler).PredictionType.ShouldBe(PredictionType.FlowPrediction);
    }

    [Fact]
    public void Names_every_setting_that_is_not_implemented()
    {
        var message = Should.Throw<NotSupportedException>(() => SchedulerConfig.FromJson(
            """{ "thresholding": true, "use_beta_sigmas": true, "algorithm_type": "sde-dpmsolver++", "sigma_max": 80.0 }""", SchedulerNames.DpmSolver)).Message;
        message.ShouldContain("thresholding=true");
        message.ShouldContain("use_beta_sigmas=true");
        message.ShouldContain("algorithm_type=");
        message.ShouldContain("sigma_max=80.0");
    }

    [Fact]
    public void Refuses_an_unknown_class_and_lists_the_known() =>
        Should.Throw<NotSupportedException>(() => SchedulerConfig.FromJson("{}", "HeunDiscreteScheduler")).Message.ShouldContain(SchedulerNames.UniPc);

    [Fact]
    public void Refuses_an_unknown_prediction_type() =>
        Should.Throw<JsonException>(() => SchedulerConfig.FromJson("""{ "prediction_type": "magic" }""", SchedulerNames.Ddim));

    [Fact]
    public void Refuses_noise_prediction_where_no_signal_is_left() =>
        Should.Throw<ArgumentException>(() => SchedulerCatalog.Create(SchedulerConfig.FromJson("""{ "rescale_betas_zero_snr": true }""", SchedulerNames.Ddim)));

    [Fact]
    public void The_noise_schedule_loses_all_signal_only_when_rescaled()
    {
        var config = SchedulerConfig.FromJson("""{ "beta_schedule": "scaled_linear", "beta_start": 0.00085, "beta_end": 0.012 }""", SchedulerNames.Ddim);
        new NoiseSchedule(config).AlphasCumprod[^1].ShouldBe(0.00466, 1e-5);
        var rescaled = new NoiseSchedule(config with { RescaleBetasZeroSnr = true });
        rescaled.AlphasCumprod[^1].ShouldBe(0);
        rescaled.AlphasCumprod[0].ShouldBe(new NoiseSchedule(config).AlphasCumprod[0], 1e-6);
        new NoiseSchedule(config).SignalToNoise(500).ShouldBeGreaterThan(new NoiseSchedule(config).SignalToNoise(501));
    }
}
