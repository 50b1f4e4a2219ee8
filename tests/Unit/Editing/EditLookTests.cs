using FlexEdit.Models.Editing;
using Shouldly;
using Xunit;
using static TorchSharp.torch;

namespace FlexEdit.Tests.Unit.Editing;

public sealed class EditLookTests
{
    private const int Channels = 32, Width = 256;

    [Fact]
    public void What_is_written_is_read_again_wherever_it_stands_in_an_embedding()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(1);
        var (code, covered) = (randn(3, Channels, 8, 8) * 2, rand(3, 1, 8, 8));
        var tokens = EditLook.Write(code, covered, Width);
        tokens.shape.ShouldBe([3, EditLook.Tokens, Width]);
        tokens.mean([2]).abs().max().item<float>().ShouldBeLessThan(1e-4f);
        tokens.square().mean([2]).sub(1).abs().max().item<float>().ShouldBeLessThan(1e-3f);

        var (read, share) = EditLook.Read(cat([randn(3, 4, Width), tokens], 1), Channels);
        (read - code).abs().max().item<float>().ShouldBeLessThan(1e-2f);
        (share - covered).abs().max().item<float>().ShouldBeLessThan(1e-2f);
    }

    [Fact]
    public void An_embedding_of_zeros_shows_nothing()
    {
        using var scope = NewDisposeScope();
        var scene = randn(1, Channels, 16, 16);
        var marks = Marks(40, 40, 48);
        EditLook.Over(zeros(1, 20, Width), marks, scene).abs().max().item<float>().ShouldBe(0);
    }

    [Fact]
    public void A_look_fills_the_masks_box_and_nothing_else()
    {
        using var scope = NewDisposeScope();
        var scene = full([1, Channels, 16, 16], 0.5f);
        // A thing of plain threes that covers its left half.
        var covered = zeros(1, 1, 8, 8);
        covered.narrow(3, 0, 4).fill_(1);
        var embedding = EditLook.Write(full([1, Channels, 8, 8], 3f), covered, Width);
        var over = EditLook.Over(embedding, Marks(32, 64, 64), scene);
        // The box covers the cells 4 to 11 across and 8 to 15 down.
        float At(int row, int column) => over[0][5][row][column].item<float>();
        At(11, 5).ShouldBe(2.5f, 0.05);
        At(11, 10).ShouldBe(0, 0.05);
        foreach (var (row, column) in (ReadOnlySpan<(int, int)>)[(11, 2), (11, 13), (6, 5), (0, 0)])
            At(row, column).ShouldBe(0, 0.01);
    }

    private static Tensor Marks(int x, int y, int side) => EditConditions.MarksOf([new byte[128 * 128]], [new MarkBox(x, y, side, side)], 128, 8);
}
