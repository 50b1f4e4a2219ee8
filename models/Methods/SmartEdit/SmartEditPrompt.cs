using FlexEdit.Models.Tokenizers;
using FlexEdit.Models.Tokenizers.Chat;
using FlexEdit.Models.Tokenizers.SentencePiece;

namespace FlexEdit.Models.Methods.SmartEdit;

/// <summary>
/// SmartEdit's conversation (its template "vicuna_v1.3" with the second of its thirty sentence pairs). The published tokenizer drops the spaces beside added tokens and
/// puts one before the text behind them, which the parts here spell out.
/// </summary>
internal sealed class SmartEditPrompt
{
    /// <summary>Names of the added tokens in front of the image tokens, in the order of their ids.</summary>
    public static readonly IReadOnlyList<string> Framing = ["<img>", "<im_start>", "<im_end>"];

    /// <summary>The answer's words before the image tokens.</summary>
    public const string Answer = "Sure, I can generate the image you're looking for";

    private readonly LlamaTokenizer _tokenizer;
    private readonly int _tokensPerPicture;

    public SmartEditPrompt(LlamaTokenizer tokenizer, int tokensPerPicture, int imageTokens)
    {
        (_tokenizer, _tokensPerPicture) = (tokenizer, tokensPerPicture);
        // Behind a control token no space is put before a text by itself.
        PromptPart[] answer = [PromptPart.Control(Framing[2]), PromptPart.Text(" " + Answer), .. Enumerable.Range(0, imageTokens).Select(i => PromptPart.Control(ControlTokens.Image(i)))];
        Rest = [.. tokenizer.EncodePrompt(answer).Skip(2)];
    }

    /// <summary>Ids of the answer with its image tokens; the same for every edit.</summary>
    public IReadOnlyList<long> Rest { get; }

    /// <summary>Ids of the question; <c>&lt;img_0&gt;</c> stands for every feature of the picture.</summary>
    /// <param name="instruction">Plain text whatever it says.</param>
    public IReadOnlyList<long> Encode(string instruction) => _tokenizer.EncodePrompt(Question(instruction));

    private IReadOnlyList<PromptPart> Question(string instruction) =>
    [
        PromptPart.Text("A chat between a curious user and an artificial intelligence assistant. The assistant can generate"),
        PromptPart.Control(Framing[0]),
        PromptPart.Text(" . The assistant needs to conduct the image to image translation task based on given image and text information. "
            + "The assistant gives helpful, detailed, and polite answers to the user's questions. "
            + "USER: Please generate an image that corresponds to the previous image and text description \""),
        PromptPart.Control(Framing[1]),
        .. Enumerable.Repeat(PromptPart.Control(ControlTokens.Image(0)), _tokensPerPicture),
        PromptPart.Control(Framing[2]),
        // Line breaks are taken out of the whole conversation.
        PromptPart.Text($" {instruction.ReplaceLineEndings(" ").Trim()}\". ASSISTANT:"),
    ];
}
