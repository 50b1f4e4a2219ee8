using FlexEdit.Gateway.Edits.SubmitEdit;
using FlexEdit.Platform.Problems;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Gateway.SubmitEdit;

public class MetadataTests
{
    [Fact]
    public void Returns_the_pairs_as_given() =>
        Metadata.Read("""{"order":"7","":"","<b>":"\u00e9\ud83d\ude42"}""")
            .ShouldBe(new Dictionary<string, string> { ["order"] = "7", [""] = "", ["<b>"] = "é\U0001F642" });

    [Fact]
    public void Takes_sixteen_pairs_and_no_more()
    {
        Metadata.Read(Pairs(16)).Count.ShouldBe(16);
        Refusal(Pairs(17)).ShouldContain("16");
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("nonsense")]
    [InlineData("""{"a":1}""")]
    [InlineData("""{"a":null}""")]
    [InlineData("""{"a":"1","a":"2"}""")]
    [InlineData("""{"a":"\u0000"}""")]
    [InlineData("""{"a":"\ud800"}""")]
    public void Refuses_anything_else(string json) => Refusal(json).ShouldStartWith("metadata ");

    [Fact]
    public void Refuses_long_names_and_values()
    {
        Metadata.Read($$"""{"{{new string('n', 64)}}":"{{new string('v', 512)}}"}""").Count.ShouldBe(1);
        Refusal($$"""{"{{new string('n', 65)}}":""}""").ShouldContain("name");
        Refusal($$"""{"n":"{{new string('v', 513)}}"}""").ShouldContain("value");
    }

    private static string Pairs(int count) => $"{{{string.Join(',', Enumerable.Range(0, count).Select(i => $"\"k{i}\":\"v\""))}}}";

    private static string Refusal(string json)
    {
        var problem = Should.Throw<ProblemException>(() => Metadata.Read(json)).Problem;
        (problem.Status, problem.Code, problem.Param).ShouldBe((400, "malformed", "metadata"));
        return problem.Detail;
    }
}
