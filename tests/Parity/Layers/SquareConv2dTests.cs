using FlexEdit.Models.Layers;
using Shouldly;
using Xunit;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Parity.Layers;

/// <summary>Convolutions against the sum that they are, in memory that held something else before.</summary>
public sealed class SquareConv2dTests
{
    public static TheoryData<int, int, int, int, int> Shapes { get; } = new()
    {
        { 3, 16, 8, 8, 0 }, { 4, 32, 3, 1, 1 }, { 8, 4, 1, 1, 0 }, { 16, 4, 3, 1, 1 }, { 20, 16, 3, 1, 1 }, { 24, 8, 3, 1, 1 }, { 24, 48, 3, 2, 1 },
        { 32, 48, 3, 1, 1 }, { 44, 32, 3, 1, 1 }, { 98, 128, 3, 1, 1 },
    };

    [Theory, MemberData(nameof(Shapes))]
    public void Gives_the_sums_and_their_gradients(int from, int to, int kernel, int stride, int padding)
    {
        foreach (var (type, tolerance) in new[] { (ScalarType.Float32, 1e-4f), (ScalarType.BFloat16, 2e-2f) })
        {
            using var scope = NewDisposeScope();
            using var convolution = new SquareConv2d(from, to, kernel, stride, padding, dtype: type);
            LeaveBehind();
            var input = randn(3, from, 16, 16).to(type).requires_grad_();
            var result = convolution.call(input);
            var direction = randn(result.shape).to(type);
            result.backward([direction]);

            var (x, w) = (input.detach().to(float32).requires_grad_(), convolution.Weight.detach().to(float32).requires_grad_());
            var sums = w.reshape(to, -1).matmul(nn.functional.unfold(x, kernel, padding: padding, stride: stride)).reshape(result.shape)
                + convolution.Bias!.detach().to(float32).reshape(1, -1, 1, 1);
            sums.backward([direction.to(float32)]);

            Differ(result, sums).ShouldBeLessThan(tolerance);
            Differ(input.grad!, x.grad!).ShouldBeLessThan(tolerance);
            Differ(convolution.Weight.grad!, w.grad!).ShouldBeLessThan(tolerance);
            Differ(convolution.Bias!.grad!, direction.to(float32).sum([0, 2, 3])).ShouldBeLessThan(tolerance);
        }
    }

    // What libtorch frees it hands out again as it is.
    private static void LeaveBehind()
    {
        using var scope = NewDisposeScope();
        for (var size = 0; size < 20; size++)
            full([1 << size], 1e6f);
    }

    // NaN is larger than every tolerance.
    private static float Differ(Tensor actual, Tensor reference) =>
        ((actual.detach().to(float32) - reference).abs().max() / reference.abs().max()).item<float>() is var difference && float.IsNaN(difference) ? float.MaxValue : difference;
}
