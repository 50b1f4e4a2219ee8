using FlexEdit.Models.Unet;
using Shouldly;
using Xunit;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Unit.Unet;

public sealed class CrossAttentionCacheTests : IDisposable
{
    private readonly UNet2DConditionModel _unet = new(TinyUnet.Config);

    public CrossAttentionCacheTests() => _unet.EnableDecoupledAttention(5, sharedWeights: false);

    public void Dispose() => _unet.Dispose();

    [Fact]
    public void Joined_rows_predict_what_they_predict_alone_with_and_without_a_subject()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var caches = new[]
        {
            _unet.PrepareKeysValues(States(2), randn(2, 3, 5), tensor(new[] { 0.3f, 1f })),
            _unet.PrepareKeysValues(States(1)),
            _unet.PrepareKeysValues(States(1), randn(1, 3, 5)),
        };
        var (sample, timesteps) = (randn(4, 3, 8, 8), tensor(new[] { 1f, 250f, 500f, 999f }));

        var joined = CrossAttentionCache.Concat(caches);
        var together = _unet.forward(sample, timesteps, joined);

        joined.BatchSize.ShouldBe(4);
        joined.SubjectScale!.data<float>().ToArray().ShouldBe([0.3f, 1f, 0f, 1f]);
        var alone = cat(new[] { (0, 2), (2, 1), (3, 1) }.Select((rows, i) => _unet.forward(sample.narrow(0, rows.Item1, rows.Item2), timesteps.narrow(0, rows.Item1, rows.Item2), caches[i])).ToArray());
        (together - alone).abs().max().item<float>().ShouldBeLessThan(1e-4f * alone.abs().max().item<float>());
    }

    [Fact]
    public void Takes_out_rows_in_any_order()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var cache = _unet.PrepareKeysValues(States(3), randn(3, 2, 5), tensor(new[] { 0f, 0.5f, 1f }));

        var rows = cache.Select(2, 0, 2);

        rows.SubjectScale!.data<float>().ToArray().ShouldBe([1f, 0f, 1f]);
        for (var layer = 0; layer < cache.Layers.Count; layer++)
        {
            rows.Layers[layer].Keys[1].equal(cache.Layers[layer].Keys[0]).all().item<bool>().ShouldBeTrue();
            rows.Layers[layer].SubjectValues![2].equal(cache.Layers[layer].SubjectValues![2]).all().item<bool>().ShouldBeTrue();
        }
    }

    [Fact]
    public void Outlives_the_scope_it_was_made_in_once_detached_and_leaves_its_inputs_alone()
    {
        using var outer = NewDisposeScope();
        var scale = tensor(new[] { 1f });
        CrossAttentionCache cache;
        using (NewDisposeScope())
            cache = _unet.PrepareKeysValues(States(1), randn(1, 2, 5), scale).DetachFromDisposeScope();
        cache.Layers[0].Keys.IsInvalid.ShouldBeFalse();
        cache.Dispose();
        cache.Layers[0].Keys.IsInvalid.ShouldBeTrue();
        scale.item<float>().ShouldBe(1);
    }

    [Fact]
    public void Refuses_to_join_rows_with_other_numbers_of_tokens()
    {
        using var scope = NewDisposeScope();
        var (short_, long_) = (_unet.PrepareKeysValues(States(1)), _unet.PrepareKeysValues(randn(1, 9, TinyUnet.ContextWidth)));
        Should.Throw<ArgumentException>(() => CrossAttentionCache.Concat([short_, long_]));
        Should.Throw<ArgumentException>(() => CrossAttentionCache.Concat([]));
    }

    private static Tensor States(long rows) => randn(rows, 4, TinyUnet.ContextWidth);
}
