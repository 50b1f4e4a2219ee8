using CsCheck;
using FlexEdit.Compositing;
using FlexEdit.Imaging.Crops;
using FlexEdit.Imaging.Pixels;
using FlexEdit.Masks;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Compositing;

public sealed class CompositorTests
{
    private const int Side = 32;

    private static readonly Gen<(RgbaImage Scene, Box Crop, byte[] Picture, byte[] Region)> Edits =
        from width in Gen.Int[1, 90]
        from height in Gen.Int[1, 90]
        from left in Gen.Int[0, width - 1]
        from top in Gen.Int[0, height - 1]
        from maskWidth in Gen.Int[1, width - left]
        from maskHeight in Gen.Int[1, height - top]
        from pixels in Gen.Byte.Array[width * height * 4]
        from picture in Gen.Byte.Array[Side * Side * 3]
        from region in Gen.OneOf(Gen.Byte, Gen.Const((byte)0), Gen.Const((byte)255)).Array[Side * Side]
        select (
            new RgbaImage(width, height, pixels),
            EditCrop.Around(new Box(left, top, maskWidth, maskHeight), width, height),
            picture,
            region);

    [Fact]
    public void Keeps_every_pixel_outside_of_the_region_and_proves_it() => Edits.Sample(
        edit =>
        {
            var detail = new SourceDetail(edit.Scene, edit.Crop, ModelPictures.Scene(edit.Scene, edit.Crop, Side), edit.Picture, Side);
            var result = Compositor.Preserve(edit.Scene, edit.Crop, edit.Picture, edit.Region, Side, detail);

            var changed = ChangedPixels(edit.Scene, result);
            result.ChangedOutside.ShouldBe(0);
            result.ChangedPixels.ShouldBe(changed.Count);
            result.Region.ShouldBe(changed.Bounds);
            result.EditedMask().Pixels.ShouldBe(changed.Pixels);
            edit.Crop.Contains(result.Region).ShouldBeTrue();
            OutsideDigest.Of(result, result.Region).ShouldBe(OutsideDigest.Of(edit.Scene, result.Region));
        },
        iter: 150);

    [Fact]
    public void Keeps_the_crops_border_unless_the_picture_ends_there() => Edits.Sample(
        edit =>
        {
            var everything = new byte[Side * Side];
            Array.Fill(everything, (byte)255);
            var result = Compositor.Preserve(edit.Scene, edit.Crop, edit.Picture, everything, Side);

            var inner = edit.Crop;
            if (edit.Crop.X > 0)
                inner = inner with { X = inner.X + 1, Width = inner.Width - 1 };
            if (edit.Crop.Y > 0)
                inner = inner with { Y = inner.Y + 1, Height = inner.Height - 1 };
            if (edit.Crop.Right < edit.Scene.Width)
                inner = inner with { Width = inner.Width - 1 };
            if (edit.Crop.Bottom < edit.Scene.Height)
                inner = inner with { Height = inner.Height - 1 };
            inner.Contains(result.Region).ShouldBeTrue();
        },
        iter: 100);

    [Fact]
    public void Keeps_the_scenes_transparency() => Edits.Sample(
        edit =>
        {
            var result = Compositor.Free(edit.Scene, edit.Crop, edit.Picture, edit.Region, Side);
            var row = new byte[edit.Scene.Width * 4];
            for (var y = 0; y < edit.Scene.Height; y++)
            {
                result.CopyRow(y, row);
                for (var x = 0; x < edit.Scene.Width; x++)
                    row[(x * 4) + 3].ShouldBe(edit.Scene.Row(y)[(x * 4) + 3]);
            }
        },
        iter: 50);

    [Fact]
    public void Paints_what_the_model_painted_where_the_region_is_certain()
    {
        var scene = Plain(400, 300, 10);
        var crop = new Box(100, 80, 160, 160);

        var result = Compositor.Preserve(scene, crop, Filled(200, Side * Side * 3), Disc(Side), Side);

        PixelAt(result, 180, 160).ShouldBe([200, 200, 200]);
        PixelAt(result, 101, 81).ShouldBe([10, 10, 10]);
        result.Region.Contains(new Box(150, 130, 60, 60)).ShouldBeTrue();
    }

    [Fact]
    public void Fades_from_the_result_to_the_scene_without_a_step()
    {
        var result = Compositor.Preserve(Plain(400, 400, 0), new Box(40, 40, 320, 320), Filled(255, Side * Side * 3), Disc(Side), Side);

        var row = new byte[400 * 4];
        result.CopyRow(200, row);
        for (var x = 1; x < 400; x++)
            Math.Abs(row[x * 4] - row[(x - 1) * 4]).ShouldBeLessThan(32, $"between columns {x - 1} and {x}");
    }

    [Fact]
    public void Paints_up_to_the_pictures_own_border()
    {
        var scene = Plain(64, 64, 10);
        var result = Compositor.Preserve(scene, scene.Frame, Filled(200, Side * Side * 3), Filled(255, Side * Side), Side);

        result.ChangedPixels.ShouldBe(64 * 64);
        PixelAt(result, 0, 0).ShouldBe([200, 200, 200]);
        PixelAt(result, 63, 63).ShouldBe([200, 200, 200]);
    }

    [Fact]
    public void Takes_differences_between_two_decodings_for_no_edit()
    {
        var result = Compositor.Preserve(Plain(64, 64, 10), new Box(8, 8, 40, 40), Filled(200, Side * Side * 3), Filled(EditedAlpha.Noise - 1, Side * Side), Side);

        result.ChangedPixels.ShouldBe(0);
        result.Region.ShouldBe(default);
    }

    [Fact]
    public void Counts_what_a_free_background_changes_outside_of_the_edited_region()
    {
        var scene = Plain(100, 100, 10);
        var crop = new Box(20, 20, 50, 50);

        var result = Compositor.Free(scene, crop, Filled(200, Side * Side * 3), new byte[Side * Side], Side);

        result.Region.ShouldBe(crop);
        result.ChangedPixels.ShouldBe(2500);
        result.ChangedOutside.ShouldBe(2500);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Gives_the_whole_picture_with_or_without_its_transparency(bool withAlpha)
    {
        var scene = new RgbaImage(2, 1, [1, 2, 3, 40, 5, 6, 7, 80]);
        var result = Compositor.Preserve(scene, scene.Frame, Filled(0, Side * Side * 3), new byte[Side * Side], Side);

        result.ToRaster(withAlpha).Pixels.ShouldBe(withAlpha ? [1, 2, 3, 40, 5, 6, 7, 80] : [1, 2, 3, 5, 6, 7]);
    }

    [Fact]
    public void Refuses_a_crop_that_leaves_the_scene()
    {
        var scene = Plain(20, 20, 0);
        Should.Throw<ArgumentException>(() => Compositor.Preserve(scene, new Box(10, 10, 20, 5), new byte[Side * Side * 3], new byte[Side * Side], Side))
            .Message.ShouldContain("leaves a 20x20 scene");
    }

    private static Mask ChangedPixels(RgbaImage scene, CompositedPicture result)
    {
        var changed = new Mask(scene.Width, scene.Height);
        var row = new byte[scene.Width * 4];
        for (var y = 0; y < scene.Height; y++)
        {
            result.CopyRow(y, row);
            for (var i = 0; i < row.Length; i++)
            {
                if (row[i] != scene.Row(y)[i])
                    changed[i / 4, y] = true;
            }
        }
        return changed;
    }

    private static byte[] PixelAt(CompositedPicture picture, int x, int y)
    {
        var row = new byte[picture.Scene.Width * 4];
        picture.CopyRow(y, row);
        return row[(x * 4)..((x * 4) + 3)];
    }

    private static RgbaImage Plain(int width, int height, byte value) => new RgbImage(width, height, Filled(value, width * height * 3)).ToRgba();

    private static byte[] Filled(byte value, int length)
    {
        var bytes = new byte[length];
        Array.Fill(bytes, value);
        return bytes;
    }

    private static byte[] Disc(int side)
    {
        var disc = new byte[side * side];
        for (var i = 0; i < disc.Length; i++)
        {
            double x = (i % side) - (side / 2), y = (i / side) - (side / 2);
            disc[i] = (x * x) + (y * y) < side * side / 16 ? (byte)255 : (byte)0;
        }
        return disc;
    }
}
