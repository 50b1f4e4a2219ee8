using FlexEdit.Masks;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Masks;

public sealed class EditCropTests
{
    [Fact]
    public void Is_a_square_twice_as_long_as_the_mask_around_its_centre() =>
        EditCrop.Around(new Box(100, 90, 40, 20), 800, 600).ShouldBe(new Box(80, 60, 80, 80));

    [Fact]
    public void Is_moved_into_the_picture() =>
        EditCrop.Around(new Box(0, 580, 40, 20), 800, 600).ShouldBe(new Box(0, 520, 80, 80));

    [Fact]
    public void Is_the_largest_square_of_a_narrow_picture() =>
        EditCrop.Around(new Box(10, 100, 70, 60), 97, 333).ShouldBe(new Box(0, 81, 97, 97));

    [Fact]
    public void Is_as_long_as_the_mask_needs_where_no_square_holds_it() =>
        EditCrop.Around(new Box(10, 100, 70, 150), 97, 333).ShouldBe(new Box(0, 92, 97, 166));

    [Fact]
    public void Has_a_least_size() =>
        EditCrop.Around(new Box(50, 50, 1, 1), 100, 100).ShouldBe(new Box(42, 42, 16, 16));

    [Fact]
    public void Always_holds_the_mask_and_stays_in_the_picture()
    {
        var random = new SeededRandom(1);
        for (var i = 0; i < 5000; i++)
        {
            var (width, height) = (1 + random.Next(300), 1 + random.Next(300));
            var (x, y) = (random.Next(width), random.Next(height));
            var mask = new Box(x, y, 1 + random.Next(width - x), 1 + random.Next(height - y));
            var crop = EditCrop.Around(mask, width, height, random.Between(1, 3));
            crop.Contains(mask).ShouldBeTrue($"{mask} in {width}x{height}");
            new Box(0, 0, width, height).Contains(crop).ShouldBeTrue($"{mask} in {width}x{height}");
        }
    }

    [Theory]
    [InlineData(0, 0, 0, 0)]
    [InlineData(95, 0, 10, 10)]
    public void Rejects_a_box_that_is_empty_or_leaves_the_picture(int x, int y, int width, int height) =>
        Should.Throw<ArgumentException>(() => EditCrop.Around(new Box(x, y, width, height), 100, 100));
}
