using FlexEdit.Models.Autoencoders;
using FlexEdit.Tests.Parity.Fixtures;
using Xunit;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Parity.Autoencoders;

public sealed class AutoencoderKLParityTests
{
    [Theory]
    [FixtureCases("autoencoder-kl")]
    public void Encodes_to_the_published_posterior(string name)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using var fixture = FixtureCase.Open(name);
        using var network = Read(fixture);
        var posterior = network.EncodePosterior(fixture.Input("image"));
        posterior.Mean.ShouldMatch(fixture.Output("mean"), fixture.Tolerance, "The mean");
        posterior.Mean.ShouldMatch(fixture.Output("mode"), fixture.Tolerance, "The mode");
        posterior.LogVariance.ShouldMatch(fixture.Output("logvar"), fixture.Tolerance, "The logarithm of the variance");
        network.Encode(fixture.Input("image")).ShouldMatch(fixture.Output("mode") * network.Config.ScalingFactor, fixture.Tolerance, "The scaled mode");
    }

    [Theory]
    [FixtureCases("autoencoder-kl")]
    public void Decodes_to_the_published_picture(string name)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using var fixture = FixtureCase.Open(name);
        using var network = Read(fixture);
        network.DecodeUnscaled(fixture.Input("latent")).ShouldMatch(fixture.Output("decoded"), fixture.Tolerance, "The picture");
        network.Decode(fixture.Input("latent") * network.Config.ScalingFactor).ShouldMatch(fixture.Output("decoded"), fixture.Tolerance, "The picture of scaled latents");
    }

    [Theory]
    [FixtureCases("autoencoder-kl")]
    public void Samples_around_the_mean_by_its_deviation(string name)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using var fixture = FixtureCase.Open(name);
        var posterior = new LatentPosterior(fixture.Output("mean"), fixture.Output("logvar"));
        posterior.Sample(zeros_like(posterior.Mean)).ShouldMatch(posterior.Mean, 0, "Without noise");
        posterior.Sample(ones_like(posterior.Mean)).ShouldMatch(posterior.Mean + posterior.LogVariance.exp().sqrt(), 1e-6, "With one deviation of noise");
    }

    private static AutoencoderKL Read(FixtureCase fixture)
    {
        var network = new AutoencoderKL(AutoencoderKLConfig.FromJson(fixture.Config.GetRawText()));
        network.Load(fixture.Model);
        return network;
    }
}
