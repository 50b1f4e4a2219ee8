using FlexEdit.Models.Unet;
using Shouldly;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Unit.Unet;

public sealed class AttentionPrecisionTests
{
    [Theory]
    [InlineData(16, 16)]
    [InlineData(256, 32)]
    [InlineData(300, 300)]
    public void Agrees_with_single_precision_in_bfloat16_for_few_and_many_tokens(long queries, long keys)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var attention = new Attention(24, 2, 8, device: null);
        // Only values that bfloat16 holds exactly, so that nothing but the computation differs.
        foreach (var parameter in attention.parameters())
            parameter.copy_(parameter.to(ScalarType.BFloat16));
        var (hidden, states) = (randn(2, queries, 24).to(ScalarType.BFloat16), randn(2, keys, 8).to(ScalarType.BFloat16));
        var expected = attention.forward(hidden.to(ScalarType.Float32), attention.Project(states), null);

        attention.to(ScalarType.BFloat16);
        var actual = attention.forward(hidden, attention.Project(states), null);

        (actual.to(ScalarType.Float32) - expected).abs().max().item<float>().ShouldBeLessThan(0.02f * expected.abs().max().item<float>());
    }
}
