using FlexEdit.Models.Checkpoints;
using FlexEdit.Models.Unet;
using FlexEdit.Tests.Parity.Fixtures;
using Xunit;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Parity.Unet;

public sealed class UNetParityTests
{
    [Theory]
    [FixtureCases("unet")]
    public void Predicts_what_diffusers_predicts(string name)
    {
        using var scope = NewDisposeScope();
        using var fixture = FixtureCase.Open(name);
        using var unet = new UNet2DConditionModel(UNet2DConditionConfig.Parse(fixture.Config.GetRawText()));
        StateDict.Load(unet, fixture.Model);
        using var noGrad = no_grad();

        var predicted = unet.forward(fixture.Input("sample"), fixture.Input("timestep"), fixture.Input("encoder_hidden_states"));

        predicted.ShouldMatch(fixture.Output("sample"), fixture.Tolerance);
    }

    [Theory]
    [FixtureCases("unet")]
    public void Predicts_each_row_alone_from_keys_and_values_taken_out_of_a_joined_cache(string name)
    {
        using var scope = NewDisposeScope();
        using var fixture = FixtureCase.Open(name);
        using var unet = new UNet2DConditionModel(UNet2DConditionConfig.Parse(fixture.Config.GetRawText()));
        StateDict.Load(unet, fixture.Model);
        using var noGrad = no_grad();
        var (sample, timestep, expected) = (fixture.Input("sample"), fixture.Input("timestep"), fixture.Output("sample"));
        var joined = CrossAttentionCache.Concat([.. fixture.Input("encoder_hidden_states").split(1).Select(row => unet.PrepareKeysValues(row))]);

        for (var row = 0; row < sample.shape[0]; row++)
        {
            var predicted = unet.forward(sample.narrow(0, row, 1), timestep[row].to(ScalarType.Float32), joined.Select(row));
            predicted.ShouldMatch(expected.narrow(0, row, 1), 2 * fixture.Tolerance, $"row {row}");
        }
    }
}
