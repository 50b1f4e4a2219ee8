using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Layers;
using FlexEdit.Models.Llama;
using FlexEdit.Models.Schedulers;
using FlexEdit.Models.Unet;
using FlexEdit.Tests.Parity.Fixtures;
using FlexEdit.Training.Optimisation;
using Shouldly;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Parity.Training;

/// <summary>A few training steps with the optimiser that trains our own models: losses, gradient norms, weights and averaged weights.</summary>
public sealed class OptimiserParity
{
    [Theory, FixtureCases("training")]
    public void A_language_model_learns_what_the_reference_learns(string name)
    {
        using var scope = NewDisposeScope();
        using var fixture = FixtureCase.Open(name);
        using var network = new LlamaForCausalLM(PublishedConfig.Parse<LlamaConfig>(fixture.Config.GetRawText()));
        StateDict.Load(network, fixture.Model, rename: network.NameInNetwork);
        using var optimiser = Optimiser(fixture, network);
        var rows = new List<Tensor>();

        for (var step = 0; step < fixture.Json.GetProperty("steps").GetInt32(); step++)
        {
            var loss = CausalLoss.Of(network.Logits(network.Forward(network.Embed(fixture.Input("input_ids")))), fixture.Input("labels"));
            loss.backward();
            rows.Add(tensor(new[] { loss.item<float>(), (float)optimiser.Step(fixture.Json.GetProperty("lr").GetDouble()) }));
        }

        stack(rows).ShouldMatch(fixture.Output("loss_and_grad_norm"), fixture.Tolerance, "loss_and_grad_norm");
        CompareWeights(fixture, network, "after:");
    }

    [Theory, FixtureCases("training-diffusion")]
    public void A_denoising_network_learns_what_the_reference_learns(string name)
    {
        using var scope = NewDisposeScope();
        using var fixture = FixtureCase.Open(name);
        using var network = new UNet2DConditionModel(UNet2DConditionConfig.Parse(fixture.Config.GetProperty("unet").GetRawText()));
        StateDict.Load(network, fixture.Model);
        using var optimiser = Optimiser(fixture, network);
        var scheduler = SchedulerConfig.FromJson(fixture.Config.GetProperty("scheduler").GetRawText(), SchedulerNames.Ddpm);
        var schedule = new NoiseSchedule(scheduler);
        var steps = fixture.Input("timesteps").data<long>().Select(t => (int)t).ToArray();
        var (clean, noise) = (fixture.Input("x0"), fixture.Input("noise"));
        var input = cat([schedule.AddNoise(clean, noise, steps), fixture.Input("scene")], 1);
        var target = DiffusionLoss.Target(schedule, scheduler.PredictionType, clean, noise, steps);
        var weights = DiffusionLoss.MinSnrWeights(schedule, scheduler.PredictionType, steps, fixture.Json.GetProperty("min_snr_gamma").GetDouble());
        var rows = new List<Tensor>();

        for (var step = 0; step < fixture.Json.GetProperty("steps").GetInt32(); step++)
        {
            var predicted = network.forward(input, fixture.Input("timesteps"), fixture.Input("encoder_hidden_states"));
            var loss = DiffusionLoss.Of(predicted, target);
            loss.backward();
            var minSnr = DiffusionLoss.Of(predicted.detach(), target, weights).item<float>();
            rows.Add(tensor(new[] { loss.item<float>(), minSnr, (float)optimiser.Step(fixture.Json.GetProperty("lr").GetDouble()) }));
        }

        stack(rows).ShouldMatch(fixture.Output("loss_minsnr_gradnorm"), fixture.Tolerance, "loss_minsnr_gradnorm");
        CompareWeights(fixture, network, "after:");
        optimiser.WithAverage(() => CompareWeights(fixture, network, "ema:"));
    }

    private static FlatAdamW Optimiser(FixtureCase fixture, nn.Module network)
    {
        double Setting(string name) => fixture.Json.GetProperty(name).GetDouble();
        double[] betas = [.. fixture.Json.GetProperty("betas").EnumerateArray().Select(beta => beta.GetDouble())];
        return new FlatAdamW(
            network.named_parameters().Select(p => (p.name, (Parameter)p.parameter)), betas[0], betas[1], Setting("weight_decay"),
            emaDecay: fixture.Json.TryGetProperty("ema_decay", out var decay) ? decay.GetDouble() : 0.999,
            clip: Setting("max_grad_norm"), epsilon: Setting("eps"), decayVectors: true, emaWarmUp: false);
    }

    private static void CompareWeights(FixtureCase fixture, nn.Module network, string prefix)
    {
        var weights = network.state_dict();
        var expected = fixture.Outputs.Tensors.Keys.Where(key => key.StartsWith(prefix, StringComparison.Ordinal)).ToArray();
        expected.Select(key => key[prefix.Length..]).ShouldBe(weights.Keys, ignoreOrder: true);
        foreach (var key in expected)
            weights[key[prefix.Length..]].ShouldMatch(fixture.Output(key), fixture.Tolerance, key);
    }
}
