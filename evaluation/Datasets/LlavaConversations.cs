using System.Text.Json;

namespace FlexEdit.Evaluation.Datasets;

/// <summary>A talk about a picture.</summary>
/// <param name="Id">Of the record.</param>
/// <param name="Image">The picture's file name.</param>
/// <param name="Turns">Questions and answers in turn, without the picture's placeholder.</param>
public sealed record LlavaConversation(string Id, string Image, IReadOnlyList<(string Question, string Answer)> Turns);

/// <summary>LLaVA-Instruct-150K (<c>llava_instruct_150k.json</c> and its parts): a list of <c>id</c>, <c>image</c> and <c>conversations</c> of <c>human</c> and <c>gpt</c> in turn.</summary>
public static class LlavaConversations
{
    private const string Placeholder = "<image>";

    /// <summary>Every conversation that has an answer, in the file's order. One that does not begin with the human loses its first turn, as the published loader does.</summary>
    /// <exception cref="FormatException">The file is damaged, or two turns in a row have one speaker.</exception>
    public static IReadOnlyList<LlavaConversation> Read(string path)
    {
        var list = DatasetJson.Read(path);
        if (list.ValueKind != JsonValueKind.Array)
            throw new FormatException($"{path} is no list of conversations.");
        return [.. list.EnumerateArray().Select(record => One(path, record)).Where(c => c.Turns.Count > 0)];
    }

    private static LlavaConversation One(string path, JsonElement record)
    {
        var id = DatasetJson.Text(record, "id", $"{path}: a record");
        var where = $"{path}: record '{id}'";
        if (!record.TryGetProperty("conversations", out var all) || all.ValueKind != JsonValueKind.Array)
            throw new FormatException($"{where} has no 'conversations'");
        var said = all.EnumerateArray().Select(t => (From: DatasetJson.Text(t, "from", where), Value: Clean(DatasetJson.Text(t, "value", where)))).ToList();
        if (said.Count > 0 && said[0].From != "human")
            said.RemoveAt(0);
        List<(string, string)> turns = [];
        for (var i = 0; i + 1 < said.Count; i += 2)
        {
            if (said[i].From != "human" || said[i + 1].From != "gpt")
                throw new FormatException($"{where}: turn {i} is not a question of 'human' with an answer of 'gpt'");
            turns.Add((said[i].Value, said[i + 1].Value));
        }
        return new LlavaConversation(id, DatasetJson.Text(record, "image", where), turns);
    }

    // It stands at the start of the first question or at its end.
    private static string Clean(string text) => text.Replace(Placeholder, "", StringComparison.Ordinal).Trim();
}
