using FlexEdit.Evaluation.Metrics;
using FlexEdit.Evaluation.Running;
using FlexEdit.Imaging.Pixels;
using FlexEdit.Masks;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Evaluation;

public sealed class MetricTests
{
    private static readonly Mask Region = Mask.FromBox(new Box(8, 8, 16, 8), 48, 48);

    [Fact]
    public void Psnr_counts_the_pixels_of_the_region_alone()
    {
        // One of 128 pixels is off by 60 in all channels: 10 log10(255² · 128 / 3600).
        var (first, second) = (Plain(100), Plain(100));
        Set(second, 10, 10, 160);
        PictureMetrics.Psnr(second, first, Region).ShouldBe(10 * Math.Log10(255.0 * 255 * 128 / 3600), 1e-6);
        PictureMetrics.Psnr(second, first, Region.Invert()).ShouldBe(PictureMetrics.EqualPsnr);
    }

    [Fact]
    public void The_foreground_is_a_square_around_the_region()
    {
        PictureMetrics.Foreground(Plain(1), Region).Width.ShouldBe(16);
        PictureMetrics.Foreground(Plain(1), Region).Height.ShouldBe(16);
    }

    [Fact]
    public void Changes_outside_of_the_region_are_counted_to_the_pixel()
    {
        var result = Plain(100);
        Set(result, 10, 10, 101);
        PictureMetrics.ChangedOutside(Plain(100), result, Region).ShouldBe(0);
        Set(result, 0, 0, 101);
        PictureMetrics.ChangedOutside(Plain(100), result, Region).ShouldBe(1.0 / ((48 * 48) - 128), 1e-12);
    }

    [Fact]
    public void SmartEdits_way_paints_the_region_black_in_both()
    {
        var result = Plain(100);
        Set(result, 10, 10, 0);
        PictureMetrics.Psnr(PictureMetrics.Without(result, Region), PictureMetrics.Without(Plain(100), Region)).ShouldBe(PictureMetrics.EqualPsnr);
        PictureMetrics.Ssim(PictureMetrics.Without(result, Region), PictureMetrics.Without(Plain(100), Region)).ShouldBe(1, 1e-9);
    }

    [Fact]
    public void The_bootstrap_covers_the_truth_and_is_the_same_each_time()
    {
        double[] values = [.. Enumerable.Range(0, 100).Select(i => (double)i)];
        var interval = Bootstrap.Of(values)!;
        interval.ShouldBe(Bootstrap.Of(values));
        interval.Mean.ShouldBe(49.5);
        // 1.96 · 29 / 10.
        (interval.High - interval.Mean).ShouldBe(5.7, 0.6);
        (interval.Mean - interval.Low).ShouldBe(5.7, 0.6);
        Bootstrap.Of([]).ShouldBeNull();
        Bootstrap.Of([3, 3, 3])!.Low.ShouldBe(3);
    }

    [Fact]
    public void The_pasted_subject_keeps_its_proportions_inside_of_the_box()
    {
        var subject = new RgbaImage(20, 10);
        subject.Pixels.AsSpan().Fill(255);
        var pasted = Baselines.Paste(Plain(0), subject, new Box(8, 8, 16, 16));
        var changed = new Mask(48, 48);
        for (var i = 0; i < changed.Pixels.Length; i++)
            changed.Pixels[i] = pasted.Pixels[i * 3] != 0 ? Mask.Marked : (byte)0;
        changed.Bounds.ShouldBe(new Box(8, 12, 16, 8));
    }

    [Fact]
    public void Blurring_changes_the_mask_alone()
    {
        var scene = Plain(0);
        Set(scene, 15, 11, 255);
        var blurred = Baselines.Blur(scene, Region);
        PictureMetrics.ChangedOutside(scene, blurred, Region).ShouldBe(0);
        blurred.Row(11)[15 * 3].ShouldBeInRange((byte)1, (byte)100);
        blurred.Row(11)[14 * 3].ShouldBe(blurred.Row(11)[15 * 3]);
    }

    private static RgbImage Plain(byte value)
    {
        var picture = new RgbImage(48, 48);
        picture.Pixels.AsSpan().Fill(value);
        return picture;
    }

    private static void Set(RgbImage picture, int x, int y, byte value) => picture.Row(y).Slice(x * 3, 3).Fill(value);
}
