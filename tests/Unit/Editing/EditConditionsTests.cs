using FlexEdit.Models.Editing;
using Shouldly;
using Xunit;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Unit.Editing;

public sealed class EditConditionsTests
{
    private const int Side = 32, Factor = 8;

    [Fact]
    public void Marks_say_what_is_covered_and_where_in_the_box_each_cell_is()
    {
        using var scope = NewDisposeScope();
        // A hollow box of 16 by 8 pixels with its corner at (8, 16).
        var mask = new byte[Side * Side];
        for (var y = 16; y < 24; y++)
        {
            for (var x = 8; x < 24; x++)
                mask[(y * Side) + x] = y is 16 or 23 || x is 8 or 23 ? (byte)255 : (byte)0;
        }
        var marks = EditConditions.MarksOf([mask, new byte[Side * Side]], [new MarkBox(8, 16, 16, 8), new MarkBox(0, 0, Side, Side)], Side, Factor);
        marks.shape.ShouldBe([2, EditConditions.MarkChannels, 4, 4]);
        float At(int edit, int channel, int row, int column) => marks[edit][channel][row][column].item<float>();
        At(0, 0, 2, 1).ShouldBe((8 + 8 + 6) / 64f, 1e-6f);
        (At(0, 1, 2, 1), At(0, 1, 2, 2), At(0, 1, 2, 3), At(0, 1, 1, 1)).ShouldBe((1, 1, 0, 0));
        // Middles of the cells are at 4, 12, 20 and 28; the box's middle is (16, 20), half of its longer side 8.
        Enumerable.Range(0, 4).Select(column => At(0, 2, 0, column)).ShouldBe([-1.5f, -0.5f, 0.5f, 1.5f]);
        Enumerable.Range(0, 4).Select(row => At(0, 3, row, 0)).ShouldBe([-2, -1, 0, 1]);
        // A quarter, half, three quarters and the whole of π over the longer side, sines of both directions before the cosines.
        Enumerable.Range(0, 4).Select(wave => At(0, 4 + (2 * wave), 0, 2)).ShouldBe(Enumerable.Range(1, 4).Select(k => MathF.Sin(1.5f * k * MathF.PI / 4)), 1e-6);
        Enumerable.Range(0, 4).Select(wave => At(0, 13 + (2 * wave), 2, 0)).ShouldBe(Enumerable.Range(1, 4).Select(k => MathF.Cos(k * MathF.PI / 4)), 1e-6);
        // A box of the whole picture.
        Enumerable.Range(0, 4).Select(column => At(1, 2, 0, column)).ShouldBe([-0.75f, -0.25f, 0.25f, 0.75f]);
    }
}
