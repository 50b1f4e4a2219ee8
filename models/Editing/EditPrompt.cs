using FlexEdit.Models.Tokenizers;

namespace FlexEdit.Models.Editing;

/// <summary>The prompt of a small model with a vocabulary of words.</summary>
public sealed class EditPrompt(ITextTokenizer tokenizer, int tokensPerPicture, int imageTokens) : IEditPrompt
{
    /// <summary>The answer up to the label.</summary>
    public const string BeforeLabel = "The masks mean \"";

    /// <summary>The answer between the label and the image tokens.</summary>
    public const string AfterLabel = "\". The visual you requested is";

    /// <inheritdoc/>
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

    /// <inheritdoc/>
    public IReadOnlyList<long> AnswerBegin { get; } = tokenizer.Encode(BeforeLabel);

    /// <inheritdoc/>
    public IReadOnlyList<long> Label(string label) => tokenizer.Encode(label);

    /// <inheritdoc/>
    public IReadOnlyList<long> AnswerEnd { get; } = new PromptBuilder(tokenizer).Text(AfterLabel).ImageTokens(imageTokens).Ids;

    /// <inheritdoc/>
    public IReadOnlyList<long> Close { get; } = new PromptBuilder(tokenizer).Text(".").Control(ControlTokens.End).Ids;

    /// <inheritdoc/>
    public IReadOnlySet<long> LabelEnds { get; } = new HashSet<long> { tokenizer.Encode("\"")[0] };

    // Its label probabilities were calibrated over the whole vocabulary.
    /// <inheritdoc/>
    public bool IsText(long id) => true;

    /// <inheritdoc/>
    public int LongestLabel => 6;

    /// <inheritdoc/>
    public string Read(IEnumerable<long> ids) => tokenizer.Decode(ids, withControls: true);

    /// <inheritdoc/>
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
