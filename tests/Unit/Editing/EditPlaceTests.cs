using FlexEdit.Models.Editing;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Editing;

public sealed class EditPlaceTests
{
    private const int Side = 128;
    private static readonly byte[] s_mask = Filled((30, 30, 60, 60));

    [Fact]
    public void Nothing_under_the_mask_leaves_its_own_box()
    {
        EditPlace.Of(s_mask, [], Side).ShouldBe(new MarkBox(30, 30, 60, 60));
        EditPlace.Of(s_mask, Filled(), Side).ShouldBe(new MarkBox(30, 30, 60, 60));
    }

    [Fact]
    public void A_replacement_goes_where_the_object_is_however_it_was_marked()
    {
        // 38 pixels of object are 0.95 of the box's 40.
        EditPlace.Of(s_mask, Filled((50, 44, 38, 20)), Side).ShouldBe(new MarkBox(49, 43, 40, 22));
        // At the picture's edge the box ends there.
        EditPlace.Of(Filled((0, 0, 50, 50)), Filled((0, 0, 38, 38)), Side).ShouldBe(new MarkBox(0, 0, 39, 39));
    }

    [Fact]
    public void Stray_pixels_of_a_predicted_mask_move_nothing() =>
        EditPlace.Of(s_mask, Filled((50, 44, 38, 20), (2, 2, 2, 2), (120, 100, 1, 2)), Side).ShouldBe(new MarkBox(49, 43, 40, 22));

    [Fact]
    public void A_few_pixels_or_something_elsewhere_is_no_object()
    {
        EditPlace.Of(s_mask, Filled((50, 50, 12, 12)), Side).ShouldBe(new MarkBox(30, 30, 60, 60));
        EditPlace.Of(s_mask, Filled((92, 30, 30, 60)), Side).ShouldBe(new MarkBox(30, 30, 60, 60));
    }

    private static byte[] Filled(params (int X, int Y, int Width, int Height)[] boxes)
    {
        var mask = new byte[Side * Side];
        foreach (var (x, y, width, height) in boxes)
        {
            for (var row = y; row < y + height; row++)
                Array.Fill(mask, (byte)255, (row * Side) + x, width);
        }
        return mask;
    }
}
