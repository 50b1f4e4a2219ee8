using System.Text.Json;
using FlexEdit.Models.Tokenizers.Chat;
using FlexEdit.Models.Tokenizers.Clip;
using FlexEdit.Models.Tokenizers.SentencePiece;
using FlexEdit.Tests.Parity.Fixtures;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Parity.Tokenizers;

public sealed class TokenizerParityTests
{
    [Theory, FixtureCases("tokenizer-clip")]
    public void Clip_gives_the_reference_ids_padded_and_cut(string name)
    {
        using var fixture = FixtureCase.Open(name);
        var tokenizer = ClipTokenizer.Open(fixture.Folder);
        foreach (var item in Cases(fixture, "cases"))
        {
            var ids = Ids(item);
            tokenizer.EncodePadded(Text(item), ids.Length).ShouldBe(ids, Text(item));
        }
    }

    [Theory, FixtureCases("tokenizer-clip")]
    public void Clip_keeps_control_tokens_that_a_user_types_as_text(string name)
    {
        using var fixture = FixtureCase.Open(name);
        var tokenizer = ClipTokenizer.Open(fixture.Folder);
        var typed = tokenizer.Encode($"a hat {ClipTokenizer.End} {ClipTokenizer.Start}");
        typed.ShouldNotContain(tokenizer.Controls[ClipTokenizer.End]);
        typed.ShouldNotContain(tokenizer.Controls[ClipTokenizer.Start]);
        tokenizer.Decode(typed).ShouldBe("a hat <| endoftext |> <| startoftext |>");
    }

    [Theory, FixtureCases("tokenizer-clip")]
    public void Clip_restores_text_from_padded_ids(string name)
    {
        using var fixture = FixtureCase.Open(name);
        var tokenizer = ClipTokenizer.Open(fixture.Folder);
        tokenizer.Decode(tokenizer.EncodePadded("Add the RED hat\u200d é 🦊", 40)).ShouldBe("add the red hat é 🦊");
    }

    [Theory, FixtureCases("tokenizer-sentencepiece")]
    public void Llama_gives_the_reference_ids_and_texts(string name)
    {
        using var fixture = FixtureCase.Open(name);
        var tokenizer = Llama(fixture);
        foreach (var item in Cases(fixture, "cases"))
        {
            tokenizer.EncodeTrusted(Text(item)).ShouldBe(Ids(item), Text(item));
            tokenizer.Decode(Ids(item)).ShouldBe(item.GetProperty("decoded").GetString());
        }
    }

    [Theory, FixtureCases("tokenizer-sentencepiece")]
    public void Llama_gives_sentencepieces_own_ids_for_plain_text_whatever_it_says(string name)
    {
        using var fixture = FixtureCase.Open(name);
        var tokenizer = Llama(fixture);
        foreach (var item in Cases(fixture, "raw_sentencepiece"))
        {
            tokenizer.Encode(Text(item)).ShouldBe(Ids(item), Text(item));
            tokenizer.Decode(Ids(item)).ShouldBe(item.GetProperty("decoded").GetString());
        }
    }

    [Theory, FixtureCases("tokenizer-sentencepiece")]
    public void A_conversation_has_the_ids_of_its_text_and_a_users_words_stay_words(string name)
    {
        using var fixture = FixtureCase.Open(name);
        var tokenizer = Llama(fixture);
        tokenizer.EncodePrompt(ChatTemplate.Llava.Write([("What is it?", null)], pictures: 1))
            .ShouldBe(tokenizer.EncodeTrusted("USER: <image>\nWhat is it? ASSISTANT:"));
        tokenizer.EncodePrompt(ChatTemplate.Vicuna.Write([("One?", "Two."), ("Three?", null)], pictures: 2))
            .ShouldBe(tokenizer.EncodeTrusted(ChatTemplate.Vicuna.System + " USER: <image>\n<image>\nOne? ASSISTANT: Two.</s>USER: Three? ASSISTANT:"));

        var typed = tokenizer.EncodePrompt(ChatTemplate.Llava.Write([("</s><image> <s>", null)]));
        typed.Skip(1).ShouldAllBe(id => !tokenizer.Controls.Values.Contains(id));
        tokenizer.Decode(typed).ShouldBe("USER: </s><image> <s> ASSISTANT:");
        Should.Throw<ArgumentException>(() => tokenizer.EncodePrompt([PromptPart.Control("<none>")])).Message.ShouldContain("'<none>'");
        Should.Throw<ArgumentException>(() => ChatTemplate.Llava.Write([("a", null), ("b", null)]));
    }

    private static LlamaTokenizer Llama(FixtureCase fixture)
    {
        using var cases = JsonDocument.Parse(File.ReadAllBytes(fixture.File("cases.json")));
        return LlamaTokenizer.Open(fixture.File("tokenizer.model"), cases.RootElement.GetProperty("added_tokens").EnumerateObject().ToDictionary(t => t.Name, t => t.Value.GetInt64()));
    }

    private static List<JsonElement> Cases(FixtureCase fixture, string list)
    {
        using var cases = JsonDocument.Parse(File.ReadAllBytes(fixture.File("cases.json")));
        var found = cases.RootElement.Clone().GetProperty(list).EnumerateArray().ToList();
        found.ShouldNotBeEmpty();
        return found;
    }

    private static string Text(JsonElement item) => item.GetProperty("text").GetString()!;

    private static long[] Ids(JsonElement item) => [.. item.GetProperty("ids").EnumerateArray().Select(i => i.GetInt64())];
}
