using System.Text.Json;
using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Lpips;
using FlexEdit.Tests.Parity.Fixtures;
using Shouldly;
using Xunit;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Parity.Lpips;

public sealed class PerceptualDistanceParity
{
    [Theory, FixtureCases("lpips")]
    public void Distances_match_the_reference(string name)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var fixture = FixtureCase.Open(name);
        var network = new PerceptualDistance(Enum.Parse<LpipsNet>(fixture.Config.GetProperty("net").GetString()!, ignoreCase: true));
        var weights = network.state_dict();
        StateDict.Load(weights.Where(w => !w.Key.StartsWith("net.", StringComparison.Ordinal)).ToDictionary(), fixture.Model, rename: network.NameInNetwork);
        var generated = fixture.Config.GetProperty("generated_weights").EnumerateArray().ToDictionary(w => w.GetProperty("name").GetString()!);
        generated.Keys.ShouldBe(weights.Keys.Where(key => key.StartsWith("net.", StringComparison.Ordinal)), ignoreOrder: true);
        foreach (var (key, weight) in generated)
            weights[key].copy_(Generate(weight));
        var (a, b) = (fixture.Input("a"), fixture.Input("b"));

        network.Forward(a, b).view(-1, 1, 1, 1).ShouldMatch(fixture.Output("distance"), fixture.Tolerance, "distance");
        network.Forward(a, a * 0.8 + b * 0.2).view(-1, 1, 1, 1).ShouldMatch(fixture.Output("distance_near"), fixture.Tolerance, "distance_near");
        network.Forward(a, a).ShouldMatch(zeros(a.shape[0]), 0, "the distance of equal pictures");
    }

    [Theory]
    [InlineData(LpipsNet.Alex, "features.3.weight", "net.slice2.3.weight")]
    [InlineData(LpipsNet.Alex, "features.10.bias", "net.slice5.10.bias")]
    [InlineData(LpipsNet.Vgg, "features.14.weight", "net.slice3.14.weight")]
    [InlineData(LpipsNet.Vgg, "features.28.bias", "net.slice5.28.bias")]
    [InlineData(LpipsNet.Vgg, "lin3.model.1.weight", "lin3.model.1.weight")]
    [InlineData(LpipsNet.Vgg, "lins.3.model.1.weight", null)]
    [InlineData(LpipsNet.Alex, "classifier.1.weight", null)]
    public void Every_published_layout_leads_to_the_same_tensor(LpipsNet net, string published, string? ours)
    {
        using var scope = NewDisposeScope();
        var network = new PerceptualDistance(net, META);

        network.NameInNetwork(published).ShouldBe(ours);
        if (ours is not null)
            network.state_dict().Keys.ShouldContain(ours);
    }

    [Fact]
    public void Pictures_of_different_shapes_are_refused() =>
        Should.Throw<ArgumentException>(() => new PerceptualDistance(LpipsNet.Alex, META).Forward(zeros(1, 3, 64, 64, device: META), zeros(1, 3, 64, 65, device: META)))
            .Message.ShouldStartWith("Pictures must be [batch, 3, H, W] and of one shape");

    // The trunk's weights are not stored: the formula stands in the case's config.json.
    private static Tensor Generate(JsonElement weight)
    {
        long[] shape = [.. weight.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())];
        var factor = shape.Length > 1 ? 2 / Math.Sqrt(shape[1] * shape[2] * shape[3]) : 0.1;
        return ((arange(shape.Aggregate((x, y) => x * y), float64) * 0.37 + weight.GetProperty("index").GetInt32()).sin() * factor).to(float32).view(shape);
    }
}
