using CsCheck;
using FlexEdit.Models.Tokenizers.Clip;
using FlexEdit.Models.Tokenizers.SentencePiece;
using FlexEdit.Tests.Unit.Checkpoints;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Tokenizers;

/// <summary>Tokenizer files that are not what they should be, and text that nobody expects.</summary>
public sealed class PublishedTokenizerFileTests : IDisposable
{
    private readonly CheckpointFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_small_model_encodes_merges_and_falls_back_to_bytes()
    {
        var tokenizer = LlamaTokenizer.Open(_folder.Save(TinySentencePiece.Model(Pieces), "tokenizer.model"));
        var ab = Pieces.Index().Single(p => p.Item.Text == "ab").Index;
        tokenizer.Encode("ab").ShouldBe([Id("\u2581"), ab]);
        tokenizer.Encode("\u00e9").ShouldBe([Id("\u2581"), Id("<0xC3>"), Id("<0xA9>")]);
        // Half a surrogate pair cannot be written; it becomes U+FFFD.
        tokenizer.Decode(tokenizer.Encode("\ud800ab")).ShouldBe("\ufffdab");
        tokenizer.Decode([Id("<0xC3>"), Id("<0xA9>"), Id("<0xA9>"), Id("<0xF0>"), Id("<0x9F>")]).ShouldBe("\u00e9\ufffd\ufffd\ufffd");
        Should.Throw<ArgumentOutOfRangeException>(() => tokenizer.Decode([tokenizer.VocabularySize]));

        static long Id(string text) => Pieces.Index().Single(p => p.Item.Text == text).Index;
    }

    [Fact]
    public void A_word_of_a_hundred_thousand_letters_is_encoded_in_a_second()
    {
        var tokenizer = LlamaTokenizer.Open(_folder.Save(TinySentencePiece.Model(Pieces), "tokenizer.model"));
        var clock = System.Diagnostics.Stopwatch.StartNew();
        tokenizer.Encode(string.Concat(Enumerable.Repeat("ab", 50_000))).Count.ShouldBe(50_001);
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void Refuses_models_of_other_kinds()
    {
        Refusal(TinySentencePiece.Model(Pieces, kind: 1)).ShouldContain("not of the byte-pair kind");
        Refusal(TinySentencePiece.Model(Pieces, removesSpaces: true)).ShouldContain("normalises text by rules of its own");
        Refusal(TinySentencePiece.Model([.. Pieces.Take(40)])).ShouldContain("has not 256 pieces");
        Refusal(TinySentencePiece.Model([])).ShouldContain("it has no pieces");
        Refusal(TinySentencePiece.Model([.. Pieces.Where(p => p.Text != "</s>")])).ShouldContain("has no control piece '</s>'");
        Refusal([0x0a, 0x7f, 1]).ShouldContain("it ends in the middle of a field");
        Refusal([0x0b]).ShouldContain("not a protocol buffer");
        Refusal("PK"u8.ToArray()).ShouldContain("is not a SentencePiece model");
    }

    [Fact]
    public void Refuses_added_tokens_that_do_not_fit()
    {
        var path = _folder.Save(TinySentencePiece.Model(Pieces), "tokenizer.model");
        Should.Throw<InvalidDataException>(() => LlamaTokenizer.Open(path, new Dictionary<string, long> { ["<image>"] = 2 })).Message.ShouldContain("which is that of the piece '</s>'");
        Should.Throw<InvalidDataException>(() => LlamaTokenizer.Open(path, new Dictionary<string, long> { ["<image>"] = -1 })).Message.ShouldContain("has the id -1");
        LlamaTokenizer.Open(path, new Dictionary<string, long> { ["<image>"] = 400 }).VocabularySize.ShouldBe(401);
    }

    [Fact]
    public void Damaged_models_are_read_or_refused_and_nothing_else()
    {
        var sound = TinySentencePiece.Model(Pieces);
        Gen.Select(Gen.Int[0, sound.Length - 1], Gen.Byte, Gen.Int[0, 20]).Sample((at, value, cut) =>
        {
            byte[] bytes = [.. sound[..at], value, .. sound[Math.Min(sound.Length, at + cut)..]];
            try
            {
                LlamaTokenizer.Open(_folder.Save(bytes, "fuzzed.model")).Encode("ab \u00e9").ShouldNotBeEmpty();
            }
            catch (InvalidDataException problem)
            {
                problem.Message.ShouldContain("fuzzed.model");
            }
        }, iter: 1000, threads: 1);
    }

    [Theory]
    [InlineData("""{"a":"b"}""", "#v\na b", "is not a vocabulary")]
    [InlineData("""{}""", "#v\na b", "is not a vocabulary")]
    [InlineData("""{"<|startoftext|>":0}""", "#v\na b", "has no '<|endoftext|>'")]
    [InlineData("""{"<|startoftext|>":0,"<|endoftext|>":1}""", "#v\na b c", "Line 2 of")]
    [InlineData("""{"<|startoftext|>":0,"<|endoftext|>":1}""", "#v\na b\na b", "names a pair twice")]
    public void Refuses_clip_files_that_are_none(string vocabulary, string merges, string reason)
    {
        File.WriteAllText(_folder.At("vocab.json"), vocabulary);
        File.WriteAllText(_folder.At("merges.txt"), merges);
        Should.Throw<InvalidDataException>(() => ClipTokenizer.Open(_folder.Path)).Message.ShouldContain(reason);
    }

    [Fact]
    public void Clip_takes_length_and_padding_from_its_configuration()
    {
        File.WriteAllText(_folder.At("vocab.json"), """{"!":0,"a":1,"b</w>":2,"ab</w>":3,"<|startoftext|>":4,"<|endoftext|>":5}""");
        File.WriteAllText(_folder.At("merges.txt"), "#version: 0.2\na b</w>\n");
        ClipTokenizer.Open(_folder.Path).MaximumLength.ShouldBe(77);
        File.WriteAllText(_folder.At("tokenizer_config.json"), """{"model_max_length":6,"pad_token":{"content":"!"}}""");
        var tokenizer = ClipTokenizer.Open(_folder.Path);
        // Unknown letters become the end token, as published.
        tokenizer.EncodePadded("AB x").ShouldBe([4, 3, 5, 5, 0, 0]);
        tokenizer.EncodePadded("ab ab ab ab ab").ShouldBe([4, 3, 3, 3, 3, 5]);
        File.WriteAllText(_folder.At("tokenizer_config.json"), "[");
        Should.Throw<InvalidDataException>(() => ClipTokenizer.Open(_folder.Path)).Message.ShouldContain("is not a tokenizer's configuration");
    }

    private static (string Text, int Kind)[] Pieces { get; } = TinySentencePiece.PiecesWith("ab", "\u2581", "a", "b");

    private string Refusal(byte[] bytes) => Should.Throw<InvalidDataException>(() => LlamaTokenizer.Open(_folder.Save(bytes, "tokenizer.model"))).Message;
}
