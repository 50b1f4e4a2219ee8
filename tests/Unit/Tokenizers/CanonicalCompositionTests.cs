using FlexEdit.Models.Tokenizers;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Tokenizers;

public sealed class CanonicalCompositionTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("e\u0301", "é")]
    [InlineData("\u212B", "Å")]
    [InlineData("e\u0323\u0302", "ệ")]
    [InlineData("e\u0302\u0323", "ệ")]
    [InlineData("a\u0315\u0300", "à\u0315")]
    [InlineData("a\u0300\u0300", "à\u0300")]
    [InlineData("\u1112\u1161\u11AB", "한")]
    [InlineData("\uD558\u11AB", "한")]
    [InlineData("\u0958", "\u0915\u093C")]
    [InlineData("\u0344", "\u0308\u0301")]
    [InlineData("\u09C7\u0334\u09BE", "\u09C7\u0334\u09BE")]
    [InlineData("\u09C7\u09BE", "\u09CB")]
    [InlineData("🦊e\u0301", "🦊é")]
    public void Brings_text_into_form_C(string text, string expected) =>
        CanonicalComposition.Normalize(text).ShouldBe(expected);

    [Fact]
    public void Replaces_half_of_a_surrogate_pair() =>
        CanonicalComposition.Normalize("a\ud83e" + "e\u0301").ShouldBe("a\ufffdé");
}
