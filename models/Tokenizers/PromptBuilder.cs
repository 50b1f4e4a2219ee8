namespace FlexEdit.Models.Tokenizers;

/// <summary>Joins control tokens, which only the program can place, and plain text, which may come from anybody, to one sequence of ids.</summary>
/// <param name="tokenizer">Encodes the text.</param>
public sealed class PromptBuilder(ITextTokenizer tokenizer)
{
    private readonly List<long> _ids = [];

    /// <summary>What was joined so far.</summary>
    public IReadOnlyList<long> Ids => _ids;

    /// <summary>Adds text; it stays plain text even where it looks like a control token.</summary>
    public PromptBuilder Text(string text)
    {
        _ids.AddRange(tokenizer.Encode(text));
        return this;
    }

    /// <summary>Adds a control token.</summary>
    /// <exception cref="ArgumentException">The vocabulary has none of this name.</exception>
    public PromptBuilder Control(string name)
    {
        if (!tokenizer.Controls.TryGetValue(name, out var id))
            throw new ArgumentException($"The vocabulary has no control token '{name}'.", nameof(name));
        _ids.Add(id);
        return this;
    }

    /// <summary>Adds <c>&lt;img_0&gt;</c> to <c>&lt;img_{count-1}&gt;</c>, the image tokens of an answer (FlexEdit paper, section on understanding).</summary>
    /// <exception cref="ArgumentException">The vocabulary has fewer.</exception>
    public PromptBuilder ImageTokens(int count)
    {
        for (var i = 0; i < count; i++)
            Control(ControlTokens.Image(i));
        return this;
    }
}
