using FlexEdit.Models.Adapters;
using Shouldly;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Unit.Adapters;

public sealed class MaskEnhancedAdapterTests
{
    private static MaskEnhancedAdapterConfig Config { get; } = new() { Layers = 3, EmbeddingDim = 8, VisionDim = 6, SubjectDim = 5, Heads = 2 };

    [Fact]
    public void Makes_each_layer_from_the_one_before_and_the_scene()
    {
        using var scope = NewDisposeScope();
        using var adapter = new MaskEnhancedAdapter(Config);
        var (embedding, scene) = (randn(2, 4, 8), randn(2, 9, 6));
        var first = adapter.Forward(embedding, scene, null);

        // The last block cannot reach back: the layers before it stay when its weights change.
        using (no_grad())
            adapter.state_dict()["blocks.2.to_v.weight"].mul_(2);
        var second = adapter.Forward(embedding, scene, null);

        first.Subject.ShouldBeNull();
        first.Scene.Count.ShouldBe(3);
        Same(first.Scene[1], second.Scene[1]).ShouldBeTrue();
        Same(first.Scene[2], second.Scene[2]).ShouldBeFalse();
        using (no_grad())
            adapter.state_dict()["blocks.0.to_v.weight"].mul_(2);
        var third = adapter.Forward(embedding, scene, null);
        for (var layer = 0; layer < 3; layer++)
            Same(second.Scene[layer], third.Scene[layer]).ShouldBeFalse();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Keeps_what_the_embedding_says_only_with_the_residual(bool residual)
    {
        using var scope = NewDisposeScope();
        using var adapter = new MaskEnhancedAdapter(Config with { Residual = residual });
        // Over a scene of equal patches attention has nothing to choose from: eq. 6 alone gives the same for every embedding.
        var scene = randn(1, 1, 6).expand(1, 9, 6);

        var (one, other) = (adapter.Forward(randn(1, 4, 8), scene, null), adapter.Forward(randn(1, 4, 8), scene, null));

        ((one.Scene[2] - other.Scene[2]).abs().max().item<float>() > 1e-3).ShouldBe(residual);
    }

    [Theory]
    [InlineData(true, "blocks.0.subject_proj.weight")]
    [InlineData(false, "subject_proj.weight")]
    public void Projects_the_subject_once_or_for_every_layer(bool perLayer, string weight)
    {
        using var scope = NewDisposeScope();
        using var adapter = new MaskEnhancedAdapter(Config with { SubjectProjectionPerLayer = perLayer });
        adapter.state_dict().ShouldContainKey(weight);

        var subject = adapter.Forward(randn(2, 4, 8), randn(2, 9, 6), randn(2, 7, 6)).Subject!;

        subject.ShouldAllBe(f2 => f2.shape.SequenceEqual(new long[] { 2, 7, 5 }));
        ReferenceEquals(subject[0], subject[2]).ShouldBe(!perLayer);
    }

    [Fact]
    public void Gives_every_weight_a_gradient_in_bfloat16()
    {
        using var scope = NewDisposeScope();
        using var adapter = new MaskEnhancedAdapter(Config);
        adapter.to(ScalarType.BFloat16);

        var features = adapter.Forward(randn(2, 4, 8, ScalarType.BFloat16), randn(2, 9, 6, ScalarType.BFloat16), randn(2, 7, 6, ScalarType.BFloat16));
        (features.Scene[2] * randn(2, 4, 8, ScalarType.BFloat16)).sum().backward();
        features.Subject![0].square().sum().backward();

        foreach (var (name, parameter) in adapter.named_parameters())
            (parameter.grad?.abs().max().to(ScalarType.Float32).item<float>() ?? 0).ShouldBeGreaterThan(0, name);
    }

    [Fact]
    public void Names_every_size_that_it_cannot_build()
    {
        var message = Should.Throw<ArgumentException>(() => new MaskEnhancedAdapter(Config with { Layers = 0, Heads = 3 })).Message;
        message.ShouldContain("Layers is 0");
        message.ShouldContain("EmbeddingDim 8 is not divisible by 3 heads");
    }

    private static bool Same(Tensor a, Tensor b) => a.equal(b).all().item<bool>();
}
