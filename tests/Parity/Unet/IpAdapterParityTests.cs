using System.Globalization;
using FlexEdit.Models.Adapters;
using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Unet;
using FlexEdit.Tests.Parity.Fixtures;
using Shouldly;
using Xunit;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Parity.Unet;

public sealed class IpAdapterParityTests
{
    private const string AdapterPrefix = "ip_adapter_file:";
    private const string ScalePrefix = "scale_";

    [Theory]
    [FixtureCases("unet-ip-adapter")]
    public void Predicts_what_diffusers_predicts_at_every_scale_at_once_and_without_the_adapter(string name)
    {
        using var scope = NewDisposeScope();
        using var fixture = FixtureCase.Open(name);
        using var unet = new UNet2DConditionModel(UNet2DConditionConfig.Parse(fixture.Config.GetRawText()));
        StateDict.Load(unet, fixture.Model, rename: tensor => tensor.StartsWith(AdapterPrefix, StringComparison.Ordinal) ? null : tensor);
        using var noGrad = no_grad();
        var (sample, timestep, states) = (fixture.Input("sample"), fixture.Input("timestep"), fixture.Input("encoder_hidden_states"));
        unet.forward(sample, timestep, states).ShouldMatch(fixture.Output("without"), fixture.Tolerance, "without");

        using var projection = IpAdapter.Load(unet, fixture.Model, AdapterPrefix);
        var tokens = projection.forward(fixture.Input("image_embeds"));
        var scales = fixture.Outputs.Tensors.Keys.Where(key => key.StartsWith(ScalePrefix, StringComparison.Ordinal)).ToArray();
        scales.ShouldNotBeEmpty();
        // Edits of different scales, and one without a subject, in one batch: none may disturb another.
        var caches = scales
            .Select(key => unet.PrepareKeysValues(states, tokens, full([sample.shape[0]], float.Parse(key[ScalePrefix.Length..], CultureInfo.InvariantCulture))))
            .Append(unet.PrepareKeysValues(states)).ToArray();
        var repeats = caches.Length;

        var predicted = unet.forward(sample.repeat(repeats, 1, 1, 1), timestep.repeat(repeats), CrossAttentionCache.Concat(caches)).chunk(repeats);

        foreach (var (index, key) in scales.Append("without").Index())
            predicted[index].ShouldMatch(fixture.Output(key), fixture.Tolerance, key);
    }

    [Theory]
    [FixtureCases("unet-ip-adapter")]
    public void Numbers_the_adapters_keys_as_published(string name)
    {
        using var fixture = FixtureCase.Open(name);
        using var unet = new UNet2DConditionModel(UNet2DConditionConfig.Parse(fixture.Config.GetRawText()), META);
        var names = unet.named_modules().Where(m => m.module is Attention).ToDictionary(m => m.module, m => m.name);

        var published = fixture.Json.GetProperty("ip_order").EnumerateArray().Select(pair => pair[1].GetString()!);

        unet.CrossAttentionsAsRegistered.Select(attention => names[attention] + ".processor").ShouldBe(published);
    }
}
