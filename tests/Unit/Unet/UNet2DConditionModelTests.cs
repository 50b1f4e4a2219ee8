using FlexEdit.Models.Unet;
using Shouldly;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Unit.Unet;

public sealed class UNet2DConditionModelTests
{
    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.BFloat16)]
    public void Gives_every_weight_a_finite_gradient_in_either_precision(ScalarType type)
    {
        using var scope = NewDisposeScope();
        using var unet = new UNet2DConditionModel(TinyUnet.Config);
        unet.EnableDecoupledAttention(5, sharedWeights: false);
        unet.to(type);
        var states = randn(2, 4, TinyUnet.ContextWidth);
        var cache = unet.PrepareKeysValues(states, randn(2, 3, 5), tensor(new[] { 1f, 0.5f }));

        var predicted = unet.forward(randn(2, 3, 8, 8), tensor(new[] { 0.5f, 999f }), cache);
        predicted.dtype.ShouldBe(ScalarType.Float32);
        predicted.square().mean().backward();

        foreach (var (name, parameter) in unet.named_parameters())
        {
            parameter.dtype.ShouldBe(type, name);
            parameter.grad.ShouldNotBeNull(name);
            parameter.grad!.isfinite().all().item<bool>().ShouldBeTrue(name);
            parameter.grad!.abs().max().to(ScalarType.Float32).item<float>().ShouldBeGreaterThan(0, name);
        }
    }

    [Theory]
    [InlineData(8, 8)]
    [InlineData(7, 10)]
    public void Keeps_the_height_and_width_of_its_input(long height, long width)
    {
        using var scope = NewDisposeScope();
        using var unet = new UNet2DConditionModel(TinyUnet.Config);
        using var noGrad = no_grad();
        unet.forward(randn(1, 3, height, width), tensor(10L), randn(1, 4, TinyUnet.ContextWidth)).shape.ShouldBe([1, 2, height, width]);
    }

    [Fact]
    public void Leaves_no_tensor_behind_but_its_result()
    {
        using var unet = new UNet2DConditionModel(TinyUnet.Config);
        using var noGrad = no_grad();
        using var sample = randn(1, 3, 8, 8);
        using var timestep = tensor(10L);
        using var states = randn(1, 4, TinyUnet.ContextWidth);
        using var scope = NewDisposeScope();
        var before = scope.DisposablesCount;

        unet.forward(sample, timestep, states);

        (scope.DisposablesCount - before).ShouldBe(1);
    }

    [Fact]
    public void Lists_its_cross_attentions_in_the_order_in_which_they_run()
    {
        using var unet = new UNet2DConditionModel(TinyUnet.Config, META);
        var names = unet.named_modules().Where(m => m.module is Attention).ToDictionary(m => m.module, m => m.name);
        unet.CrossAttentions.Select(attention => names[attention]).ShouldBe(
        [
            "down_blocks.0.attentions.0.transformer_blocks.0.attn2",
            "mid_block.attentions.0.transformer_blocks.0.attn2",
            "up_blocks.1.attentions.0.transformer_blocks.0.attn2",
            "up_blocks.1.attentions.1.transformer_blocks.0.attn2",
        ]);
    }

    [Fact]
    public void Starts_the_subjects_weights_as_copies_where_the_widths_agree_and_adds_none_where_they_are_shared()
    {
        using var scope = NewDisposeScope();
        using var own = new UNet2DConditionModel(TinyUnet.Config);
        using var shared = new UNet2DConditionModel(TinyUnet.Config);
        var count = shared.state_dict().Count;
        own.EnableDecoupledAttention(TinyUnet.ContextWidth, sharedWeights: false);
        shared.EnableDecoupledAttention(TinyUnet.ContextWidth, sharedWeights: true);

        var weights = own.state_dict();
        const string Layer = "mid_block.attentions.0.transformer_blocks.0.attn2.";
        weights[Layer + "processor.to_k_ip.0.weight"].equal(weights[Layer + "to_k.weight"]).all().item<bool>().ShouldBeTrue();
        weights[Layer + "processor.to_v_ip.0.weight"].equal(weights[Layer + "to_v.weight"]).all().item<bool>().ShouldBeTrue();
        shared.state_dict().Count.ShouldBe(count);
    }

    [Fact]
    public void Refuses_a_subject_that_it_has_no_branch_for()
    {
        using var scope = NewDisposeScope();
        using var unet = new UNet2DConditionModel(TinyUnet.Config);
        var states = randn(1, 4, TinyUnet.ContextWidth);
        Should.Throw<InvalidOperationException>(() => unet.PrepareKeysValues(states, states));
        Should.Throw<ArgumentException>(() => unet.PrepareKeysValues([states]));
        Should.Throw<ArgumentException>(() => unet.EnableDecoupledAttention(TinyUnet.ContextWidth + 1, sharedWeights: true));
        unet.EnableDecoupledAttention(TinyUnet.ContextWidth, sharedWeights: true);
        Should.Throw<InvalidOperationException>(() => unet.EnableDecoupledAttention(TinyUnet.ContextWidth, sharedWeights: true));
    }
}
