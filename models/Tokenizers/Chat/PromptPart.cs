namespace FlexEdit.Models.Tokenizers.Chat;

/// <summary>A part of a prompt: plain text, which may come from anybody and stays text whatever it says, or a control token, which only the program can place.</summary>
/// <param name="Content">The text, or the control token's name.</param>
/// <param name="IsControl">Whether it is a control token.</param>
public readonly record struct PromptPart(string Content, bool IsControl)
{
    /// <summary>Plain text.</summary>
    public static PromptPart Text(string text) => new(text, false);

    /// <summary>A control token.</summary>
    public static PromptPart Control(string name) => new(name, true);
}
