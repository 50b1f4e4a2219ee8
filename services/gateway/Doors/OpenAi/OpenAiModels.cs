namespace FlexEdit.Gateway.Doors.OpenAi;

/// <summary>Names of models that OpenAI serves. A program that says one of them gets this server's default model, for it has no way to know another.</summary>
internal static class OpenAiModels
{
    private static readonly string[] s_families = ["gpt-image-", "chatgpt-image-", "dall-e-"];

    /// <summary>Whether a name is one of theirs.</summary>
    public static bool IsTheirs(string model) => s_families.Any(family => model.StartsWith(family, StringComparison.Ordinal));
}
