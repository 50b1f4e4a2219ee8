using FlexEdit.Compositing;
using FlexEdit.Imaging.Crops;
using FlexEdit.Imaging.Pixels;
using FlexEdit.Masks;
using FlexEdit.Models.Editing;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Compositing;

/// <summary>A crop of 256 scene pixels painted at 64: what is finer than 4 pixels is the source's.</summary>
public sealed class SourceDetailTests
{
    private const int Side = 64;
    private static readonly Box s_crop = new(20, 10, 256, 256);
    private static readonly byte[] s_everywhere = [.. Enumerable.Repeat((byte)255, Side * Side)];

    [Fact]
    public void What_was_painted_as_it_was_keeps_its_finest_detail()
    {
        var scene = Scene((x, y) => (byte)(((x / 2) + (y / 2)) % 2 == 0 ? 90 : 160));
        var cut = ModelPictures.Scene(scene, s_crop, Side);

        var result = Composite(scene, cut, cut);

        LargestDifference(result, scene, s_crop).ShouldBeLessThanOrEqualTo(1);
    }

    [Fact]
    public void Nothing_shines_through_where_something_else_was_painted()
    {
        // Stripes that the model sees, with a finer pattern on them; it paints them away.
        var scene = Scene((x, y) => (byte)((x / 16 % 2 == 0 ? 40 : 200) + ((x + y) % 2 * 20)));
        var cut = ModelPictures.Scene(scene, s_crop, Side);
        var painted = new byte[cut.Length];
        Array.Fill(painted, (byte)120);

        var result = Composite(scene, cut, painted);

        LargestDifference(result, Scene((_, _) => 120), s_crop).ShouldBeLessThanOrEqualTo(1);
    }

    [Fact]
    public void A_recoloured_edge_is_as_sharp_as_it_was()
    {
        var scene = Scene((x, _) => (byte)(x < 150 ? 220 : 60));
        var ideal = Scene((x, _) => (byte)(x < 150 ? 170 : 50));
        var cut = ModelPictures.Scene(scene, s_crop, Side);
        var painted = ModelPictures.Scene(ideal, s_crop, Side);

        var plain = Compositor.Free(scene, s_crop, painted, s_everywhere, Side);
        var result = Composite(scene, cut, painted);

        var edge = new Box(144, 100, 12, 40);
        MeanDifference(result, ideal, edge).ShouldBeLessThan(0.4 * MeanDifference(plain, ideal, edge));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_copied_subject_is_as_sharp_as_its_own_picture_and_where_the_mask_asks_for_it(bool transparent)
    {
        var scene = Scene((_, _) => 128);
        var subject = Square(transparent);
        var mask = new byte[Side * Side];
        for (var y = 20; y < 40; y++)
            mask.AsSpan((y * Side) + 16, 32).Fill(255);
        var (rgb, given) = ModelPictures.Subject(subject, Side);
        var alpha = given ?? SubjectCutout.Find(rgb, Side);
        var box = MarkBox.Of(mask, Side);
        var collage = Collage.Paste(ModelPictures.Scene(scene, s_crop, Side), rgb, alpha, box, Side);
        var pasted = new PastedSubject(CollagePlacement.Of(alpha, box, Side), alpha, collage);

        var detail = new SourceDetail(scene, s_crop, collage, collage, Side, SubjectLayer.Of(subject, pasted, s_crop, Side));
        var result = Compositor.Free(scene, s_crop, collage, s_everywhere, Side, detail);
        var plain = Compositor.Free(scene, s_crop, collage, s_everywhere, Side);

        // The box is 128 scene pixels wide, its middle at (20 + 128, 10 + 120); the square fills 0.95 of it.
        const int Half = (int)(0.95 * 128 / 2);
        var middle = new Box(148 - 20, 130 - 20, 40, 40);
        Contrast(result, middle).ShouldBeGreaterThan(3 * Contrast(plain, middle));
        var tolerance = transparent ? 3 : 8; // the cut-out of an opaque picture knows its edge to a pixel of the model's
        Red(result, 148 - Half + tolerance, 130).ShouldBeGreaterThan(150);
        Red(result, 148 + Half - tolerance, 130).ShouldBeGreaterThan(150);
        Red(result, 148 - Half - tolerance, 130).ShouldBe(128, 12);
        Red(result, 148 + Half + tolerance, 130).ShouldBe(128, 12);
    }

    // A red square with stripes one pixel of the scene wide: on nothing, or on white.
    private static RgbaImage Square(bool transparent)
    {
        var picture = new RgbaImage(400, 400);
        for (var y = 0; y < 400; y++)
        {
            for (var x = 0; x < 400; x++)
            {
                var inside = x is >= 50 and < 350 && y is >= 50 and < 350;
                ((ReadOnlySpan<byte>)(inside ? [255, (byte)(y / 5 % 2 * 120), 0, 255] : [255, 255, 255, (byte)(transparent ? 0 : 255)])).CopyTo(picture.Pixel(x, y));
            }
        }
        return picture;
    }

    private static RgbaImage Scene(Func<int, int, byte> grey)
    {
        var scene = new RgbaImage(300, 280);
        for (var y = 0; y < scene.Height; y++)
        {
            for (var x = 0; x < scene.Width; x++)
            {
                scene.Pixel(x, y).Fill(grey(x, y));
                scene.Pixel(x, y)[3] = 255;
            }
        }
        return scene;
    }

    private static CompositedPicture Composite(RgbaImage scene, byte[] cut, byte[] painted) =>
        Compositor.Free(scene, s_crop, painted, s_everywhere, Side, new SourceDetail(scene, s_crop, cut, painted, Side));

    private static double Red(CompositedPicture picture, int x, int y) => ((RgbaImage)picture.ToRaster(withAlpha: true)).Pixel(x, y)[0];

    private static int LargestDifference(CompositedPicture picture, RgbaImage other, Box box) => Differences(picture, other, box).Max();

    private static double MeanDifference(CompositedPicture picture, RgbaImage other, Box box) => Differences(picture, other, box).Average();

    private static IEnumerable<int> Differences(CompositedPicture picture, RgbaImage other, Box box)
    {
        var pixels = (RgbaImage)picture.ToRaster(withAlpha: true);
        for (var y = box.Y; y < box.Bottom; y++)
        {
            for (var x = box.X; x < box.Right; x++)
                yield return Math.Abs(pixels.Pixel(x, y)[0] - other.Pixel(x, y)[0]);
        }
    }

    // Standard deviation of green.
    private static double Contrast(CompositedPicture picture, Box box)
    {
        var pixels = (RgbaImage)picture.ToRaster(withAlpha: true);
        var values = new List<double>();
        for (var y = box.Y; y < box.Bottom; y++)
        {
            for (var x = box.X; x < box.Right; x++)
                values.Add(pixels.Pixel(x, y)[1]);
        }
        var mean = values.Average();
        return Math.Sqrt(values.Average(v => (v - mean) * (v - mean)));
    }
}
