using CsCheck;
using FlexEdit.Models.Tokenizers;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Tokenizers;

public sealed class WordTokenizerTests
{
    private const string Answer = "The masks mean \"chair\". The visual you requested is";
    private readonly WordTokenizer _tokenizer = new(new WordVocabularyBuilder()
        .Add(Answer)
        .Add("Add the red backpack in [pic2] to the white mask in [pic1]. Can you tell me what the masks mean? It's multi-coloured.")
        .Build(imageTokens: 2));

    [Fact]
    public void Restores_the_answer_as_it_is_written()
    {
        var ids = new PromptBuilder(_tokenizer).Control("<bos>").Text(Answer).ImageTokens(2).Text(".").Control("<eos>").Ids;

        _tokenizer.Decode(ids, withControls: true).ShouldBe("The masks mean \"chair\". The visual you requested is <img_0><img_1>.");
        _tokenizer.Decode(ids).ShouldBe("The masks mean \"chair\". The visual you requested is.");
    }

    [Theory]
    [InlineData("Add the red backpack in [pic2] to the white mask in [pic1].")]
    [InlineData("Can you tell me what the masks mean? It's multi-coloured!")]
    [InlineData("The \"red chair\", the 'white' one (67.8%) and 1,250 others.")]
    [InlineData("Chairs; unheard-of xylophones/zithers: a_b & c + d = e.")]
    [InlineData("Keep <img_0> and <eos> as the user typed them.")]
    [InlineData("")]
    public void Text_survives_the_way_there_and_back(string text) =>
        _tokenizer.Decode(_tokenizer.Encode(text)).ShouldBe(text);

    [Fact]
    public void Known_words_are_one_token_whatever_their_case_and_form()
    {
        _tokenizer.Encode("Chair").ShouldBe(_tokenizer.Encode("CHAIR"));
        _tokenizer.Encode("chair").Count.ShouldBe(1);
        _tokenizer.Encode(" the\tchair\n").Count.ShouldBe(2);
        _tokenizer.Encode("ch\u200Bair").ShouldBe(_tokenizer.Encode("ch air"));
    }

    [Fact]
    public void An_unknown_word_is_written_in_the_longest_known_pieces()
    {
        var chair = _tokenizer.Encode("chair")[0];

        _tokenizer.Encode("chairs").Count.ShouldBe(2);
        _tokenizer.Encode("chairs")[0].ShouldBe(chair);
        _tokenizer.Encode("zx9").Count.ShouldBe(3);
    }

    [Fact]
    public void A_character_that_cannot_be_written_becomes_one_unknown_token_for_its_run()
    {
        var unknown = _tokenizer.Controls["<unk>"];

        _tokenizer.Encode("🦊").ShouldBe([unknown]);
        _tokenizer.Encode("漢字").ShouldBe([unknown]);
        _tokenizer.Encode("ża").ShouldBe([unknown, .. _tokenizer.Encode("xa").Skip(1)]);
        _tokenizer.Encode("\ud83e").ShouldBe([unknown]);
        _tokenizer.Decode(_tokenizer.Encode("a 🦊 chair")).ShouldBe("A \ufffd chair");
    }

    [Fact]
    public void Text_never_becomes_a_control_token_and_never_throws()
    {
        string[] names = [.. _tokenizer.Controls.Keys];
        Gen.OneOf(Gen.String, Gen.Int[0, names.Length - 1].Select(i => names[i]), Gen.String[Gen.Char["<>_img0be os/'\".é"], 0, 30]).Array[0, 5]
            .Select(parts => string.Concat(parts))
            .Sample(text =>
            {
                var ids = _tokenizer.Encode(text);
                ids.ShouldAllBe(id => id == _tokenizer.Controls["<unk>"] || id >= _tokenizer.Controls.Count);
                ids.ShouldAllBe(id => id < _tokenizer.VocabularySize);
                _tokenizer.Decode(ids).ShouldNotBeNull();
            }, iter: 2000);
    }

    [Fact]
    public void Decoded_text_has_the_tokens_it_was_decoded_from() =>
        Gen.String[Gen.Char["ab1 .,'\"-([])?!%<>s"], 0, 30].Sample(text =>
        {
            var ids = _tokenizer.Encode(text);
            _tokenizer.Encode(_tokenizer.Decode(ids)).ShouldBe(ids);
        }, iter: 2000);

    [Fact]
    public void An_id_outside_of_the_vocabulary_is_refused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => _tokenizer.Decode([_tokenizer.VocabularySize]));
        Should.Throw<ArgumentOutOfRangeException>(() => _tokenizer.Decode([-1]));
    }

    [Fact]
    public void A_control_token_that_is_not_there_is_refused() =>
        Should.Throw<ArgumentException>(() => new PromptBuilder(_tokenizer).ImageTokens(3)).Message.ShouldStartWith("The vocabulary has no control token '<img_2>'.");
}
