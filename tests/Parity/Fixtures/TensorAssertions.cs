using Shouldly;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Parity.Fixtures;

/// <summary>Comparison of a tensor with its reference.</summary>
public static class TensorAssertions
{
    /// <summary>
    /// Fails unless the shapes agree and the largest absolute error, divided by the largest absolute reference value
    /// (by one when the reference is all zero), is at most <paramref name="tolerance"/>. A value that is not a number fails.
    /// </summary>
    public static void ShouldMatch(this Tensor actual, Tensor reference, double tolerance, string? what = null)
    {
        using var scope = NewDisposeScope();
        actual.shape.ShouldBe(reference.shape, what);
        var expected = reference.detach().to(ScalarType.Float64);
        var largest = expected.abs().max().item<double>();
        var error = (actual.detach().cpu().to(ScalarType.Float64) - expected).abs().max().item<double>();
        var relative = largest > 0 ? error / largest : error;
        ParityRecord.Add(relative, tolerance);
        // Written so that NaN fails.
        (relative <= tolerance).ShouldBeTrue($"{what ?? "The tensor"} differs from the reference by {relative:g3} of its largest value; allowed are {tolerance:g3}.");
    }
}
