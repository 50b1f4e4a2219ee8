using FlexEdit.Models.Unet;
using Shouldly;
using Xunit;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Unit.Unet;

public sealed class ThreeBranchGuidanceTests
{
    [Theory]
    [InlineData(7.5, 1.5, GuidanceBranch.Full, GuidanceBranch.ImageOnly, GuidanceBranch.None)]
    [InlineData(7.5, 1, GuidanceBranch.Full, GuidanceBranch.ImageOnly)]
    [InlineData(1.5, 1.5, GuidanceBranch.Full, GuidanceBranch.None)]
    [InlineData(1, 1, GuidanceBranch.Full)]
    [InlineData(0, 1, GuidanceBranch.ImageOnly)]
    [InlineData(0, 0, GuidanceBranch.None)]
    public void Needs_only_the_branches_that_have_a_weight(double textScale, double imageScale, params GuidanceBranch[] branches) =>
        ThreeBranchGuidance.Weights(textScale, imageScale).Branches.ShouldBe(branches);

    [Fact]
    public void Follows_the_published_formula()
    {
        using var scope = NewDisposeScope();
        var (full, imageOnly, none) = (randn(2, 4, 3, 3), randn(2, 4, 3, 3), randn(2, 4, 3, 3));

        var combined = ThreeBranchGuidance.Combine(full, imageOnly, none, 7.5, 1.5);

        var expected = none + 7.5 * (full - imageOnly) + 1.5 * (imageOnly - none);
        (combined - expected).abs().max().item<float>().ShouldBeLessThan(1e-5f);
    }

    [Fact]
    public void Leaves_a_single_prediction_as_it_is_at_scales_of_one()
    {
        using var scope = NewDisposeScope();
        var full = randn(1, 4, 3, 3);
        ThreeBranchGuidance.Combine(full, null, null, 1, 1).equal(full).all().item<bool>().ShouldBeTrue();
    }

    [Fact]
    public void Names_a_prediction_that_is_missing()
    {
        using var scope = NewDisposeScope();
        var any = randn(1, 4, 3, 3);
        Should.Throw<ArgumentException>(() => ThreeBranchGuidance.Combine(any, null, any, 7.5, 1.5)).ParamName.ShouldBe("imageOnly");
    }
}
