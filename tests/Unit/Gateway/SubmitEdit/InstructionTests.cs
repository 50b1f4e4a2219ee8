using FlexEdit.Gateway.Edits.SubmitEdit;
using FlexEdit.Platform.Problems;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Gateway.SubmitEdit;

public class InstructionTests
{
    [Theory]
    [InlineData("remove the chair", "remove the chair")]
    [InlineData("  \u00a0 remove\tit \n", "remove\tit")]
    [InlineData("</s><image>{{x}} '; drop table edits; --", "</s><image>{{x}} '; drop table edits; --")]
    [InlineData("椅子を消す \U0001F642", "椅子を消す \U0001F642")]
    public void Keeps_the_text_as_it_is_but_for_white_space_around_it(string given, string expected) =>
        Instruction.Read(given, 2000).ShouldBe(expected);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \t\r\n\u3000")]
    [InlineData("\u200b\u200d\u2060\ufeff")]
    [InlineData("\u202e\u001b")]
    [InlineData("\u3164\u115f")]
    public void Asks_for_an_instruction_where_nothing_is_to_be_seen(string? given) =>
        Refusal(given).Code.ShouldBe("instruction_required");

    [Fact]
    public void Refuses_what_is_no_Unicode_text_or_holds_a_NUL()
    {
        foreach (var given in new[] { "a\0b", "a\ud83d", "\ude42a" })
            Refusal(given).Code.ShouldBe("instruction_invalid");
    }

    [Fact]
    public void Counts_code_points()
    {
        var smiles = string.Concat(Enumerable.Repeat("\U0001F642", 2000));
        Instruction.Read(smiles, 2000).ShouldBe(smiles);
        Refusal(smiles + "a").Code.ShouldBe("instruction_too_long");
    }

    private static Problem Refusal(string? given)
    {
        var problem = Should.Throw<ProblemException>(() => Instruction.Read(given, 2000)).Problem;
        problem.Status.ShouldBe(422);
        problem.Param.ShouldBe("instruction");
        return problem;
    }
}
