using FlexEdit.Models.Tokenizers;

namespace FlexEdit.Models.Editing;

/// <summary>How an edit is put to the language model, and how it answers (paper, figures 3 and 4).</summary>
public sealed class EditPrompt(ITextTokenizer tokenizer, int tokensPerPicture, int imageTokens)
{
    /// <summary>The answer up to the label.</summary>
    public const string BeforeLabel = "The masks mean \"";

    /// <summary>The answer between the label and the image tokens.</summary>
    public const string AfterLabel = "\". The visual you requested is";

    /// <summary>Ids of the prompt: pictures, instruction, and the beginning of the answerer's turn. Image tokens are repeated.</summary>
    /// <param name="instruction">τ; plain text whatever it says.</param>
    /// <param name="withSubject">Whether there is a second picture.</param>
    public IReadOnlyList<long> Question(string instruction, bool withSubject)
    {
        var prompt = new PromptBuilder(tokenizer).Control(ControlTokens.Begin).Text("[pic1]");
        Picture(prompt);
        if (withSubject)
        {
            prompt.Text("[pic2]");
            Picture(prompt);
        }
        return prompt.Text("USER:").Text(instruction).Text("ASSISTANT:").Ids;
    }

    /// <summary>Ids of the beginning of every answer.</summary>
    public IReadOnlyList<long> AnswerBegin { get; } = tokenizer.Encode(BeforeLabel);

    /// <summary>Ids of a label.</summary>
    public IReadOnlyList<long> Label(string label) => tokenizer.Encode(label);

    /// <summary>Ids after the label: the rest of the sentence and the N image tokens.</summary>
    public IReadOnlyList<long> AnswerEnd { get; } = new PromptBuilder(tokenizer).Text(AfterLabel).ImageTokens(imageTokens).Ids;

    /// <summary>Ids of what closes an answer.</summary>
    public IReadOnlyList<long> Close { get; } = new PromptBuilder(tokenizer).Text(".").Control(ControlTokens.End).Ids;

    /// <summary>The id that ends a label.</summary>
    public long Quote { get; } = tokenizer.Encode("\"")[0];

    /// <summary>The answer as people read it.</summary>
    public string Read(IEnumerable<long> ids) => tokenizer.Decode(ids, withControls: true);

    /// <summary>A label as people read it.</summary>
    public string ReadLabel(IEnumerable<long> ids)
    {
        var text = tokenizer.Decode(ids);
        return text.Length == 0 ? text : text.ToLowerInvariant();
    }

    private void Picture(PromptBuilder prompt)
    {
        for (var i = 0; i < tokensPerPicture; i++)
            prompt.Control(ControlTokens.Picture);
    }
}
