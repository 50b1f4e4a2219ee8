using FlexEdit.Models.Tokenizers;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Tokenizers;

public sealed class WordVocabularyTests
{
    [Fact]
    public void The_file_gives_the_same_vocabulary_back()
    {
        var built = new WordVocabularyBuilder().Add("a chair, Żółw and an \"umbrella\"").Build(imageTokens: 4);

        var read = WordVocabulary.Parse(built.ToJson());

        read.Tokens.ShouldBe(built.Tokens);
        read.Special.ShouldBe(built.Special);
        new WordTokenizer(read).Encode("an ŻÓŁW").ShouldBe(new WordTokenizer(built).Encode("an żółw"));
    }

    [Fact]
    public void Frequent_words_come_first_and_rare_ones_can_be_left_out()
    {
        var builder = new WordVocabularyBuilder().Add("hat dog dog cat cat").Add("dog hat elk");

        builder.Build(0).Tokens.TakeLast(4).ShouldBe(["dog", "cat", "hat", "elk"]);
        builder.Build(0, atLeast: 2).Tokens.TakeLast(3).ShouldBe(["dog", "cat", "hat"]);
        builder.Build(0, words: 1).Tokens[^1].ShouldBe("dog");
        builder.Build(0, words: 1).Tokens.ShouldNotContain("cat");
    }

    [Fact]
    public void Control_tokens_have_the_lowest_ids()
    {
        var special = new WordVocabularyBuilder().Build(imageTokens: 2).Special;

        special["<unk>"].ShouldBe(0);
        special["<bos>"].ShouldBe(1);
        special["<eos>"].ShouldBe(2);
        special["<pad>"].ShouldBe(3);
        special["<image>"].ShouldBe(4);
        special["<img_0>"].ShouldBe(5);
        special["<img_1>"].ShouldBe(6);
    }

    [Fact]
    public void Every_fault_of_a_file_is_named_at_once()
    {
        const string Json = """{ "type": "bpe", "special": { "<unk>": 0, "<bos>": 1, "<eos>": 3 }, "tokens": ["a", "a", "Chair", "red hat", "<bos>"] }""";

        var message = Should.Throw<InvalidDataException>(() => WordVocabulary.Parse(Json)).Message;

        message.ShouldBe(
            "The vocabulary has 7 faults: type is 'bpe', not 'word'; special lacks '<pad>'; the ids of special are not 0 to 2, each once; 'a' is there twice; "
            + "'Chair' can never occur: it is not one lower-case word or sign; 'red hat' can never occur: it is not one lower-case word or sign; "
            + "'<bos>' can never occur: it is not one lower-case word or sign.");
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{ "type": "word" }""")]
    [InlineData("""{ "type": "word", "special": {}, "tokens": [], "merges": [] }""")]
    public void A_file_of_another_form_is_refused(string json) =>
        Should.Throw<InvalidDataException>(() => WordVocabulary.Parse(json));
}
