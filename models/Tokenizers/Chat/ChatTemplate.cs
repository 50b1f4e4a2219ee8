namespace FlexEdit.Models.Tokenizers.Chat;

/// <summary>How a conversation is written for a language model: system sentence, names of the speakers, what separates turns.</summary>
/// <param name="System">Said first; empty for none.</param>
/// <param name="User">The person's name.</param>
/// <param name="Assistant">The model's name.</param>
public sealed record ChatTemplate(string System, string User, string Assistant)
{
    /// <summary>LLaVA-1.5 as transformers writes it: no system sentence (llava-hf/llava-1.5-7b-hf, <c>chat_template</c>).</summary>
    public static ChatTemplate Llava { get; } = new("", "USER", "ASSISTANT");

    /// <summary>LLaVA-1.5 as its authors' program writes it (haotian-liu/LLaVA, <c>conversation.py</c>, <c>vicuna_v1</c>).</summary>
    public static ChatTemplate Vicuna { get; } = new(
        "A chat between a curious user and an artificial intelligence assistant. The assistant gives helpful, detailed, and polite answers to the user's questions.", "USER", "ASSISTANT");

    /// <summary>The parts of a conversation that ends with the assistant's turn.</summary>
    /// <param name="turns">Questions and the answers that were given; the last answer is null, for it is the model's to give.</param>
    /// <param name="pictures">Pictures shown before the first question; each is one <c>&lt;image&gt;</c> and a line break.</param>
    /// <exception cref="ArgumentException">There is no turn, or an answer other than the last is missing.</exception>
    public IReadOnlyList<PromptPart> Write(IReadOnlyList<(string Question, string? Answer)> turns, int pictures = 0)
    {
        if (turns.Count == 0 || turns.Take(turns.Count - 1).Any(t => t.Answer is null))
            throw new ArgumentException("A conversation has at least one turn, and every turn before the last has an answer.", nameof(turns));
        var parts = new List<PromptPart>();
        if (System.Length > 0)
            parts.Add(PromptPart.Text(System + " "));
        foreach (var (index, (question, answer)) in turns.Index())
        {
            parts.Add(PromptPart.Text(User + ": "));
            for (var i = 0; index == 0 && i < pictures; i++)
            {
                parts.Add(PromptPart.Control(ControlTokens.Picture));
                parts.Add(PromptPart.Text("\n"));
            }
            parts.Add(PromptPart.Text(question));
            parts.Add(PromptPart.Text($" {Assistant}:"));
            if (answer is null)
                continue;
            parts.Add(PromptPart.Text(" " + answer));
            parts.Add(PromptPart.Control(SentencePiece.LlamaTokenizer.End));
        }
        return parts;
    }

    /// <summary>The parts of a conversation of one question, in which pictures stand where it names them; it ends with the assistant's turn.</summary>
    public IReadOnlyList<PromptPart> Ask(IReadOnlyList<PromptPart> question) =>
        [PromptPart.Text(System.Length > 0 ? $"{System} {User}: " : $"{User}: "), .. question, PromptPart.Text($" {Assistant}:")];
}
