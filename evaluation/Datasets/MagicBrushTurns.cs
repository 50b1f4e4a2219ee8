using System.Text.Json;

namespace FlexEdit.Evaluation.Datasets;

/// <summary>One edit of MagicBrush. Files are relative to <c>images/ID</c>.</summary>
/// <param name="Id">The picture's number.</param>
/// <param name="Input">The picture before it.</param>
/// <param name="Mask">The picture before it with a transparent hole where it is edited.</param>
/// <param name="Output">The picture after it.</param>
/// <param name="Instruction">What was asked for.</param>
public sealed record MagicBrushTurn(string Id, string Input, string Mask, string Output, string Instruction)
{
    /// <summary>A file of this turn.</summary>
    /// <param name="folder">The data set.</param>
    /// <param name="file">One of this turn's files.</param>
    public string PathOf(string folder, string file) => Path.Combine(folder, "images", Id, file);
}

/// <summary>MagicBrush as it is distributed: <c>edit_turns.json</c>, a list, or <c>edit_sessions.json</c>, lists by picture; <c>images/ID/…png</c>.</summary>
public static class MagicBrushTurns
{
    /// <summary>Every turn in the file's order.</summary>
    /// <exception cref="FormatException">The folder is not laid out like that.</exception>
    public static IReadOnlyList<MagicBrushTurn> Read(string folder)
    {
        var path = new[] { "edit_turns.json", "edit_sessions.json" }.Select(f => Path.Combine(folder, f)).FirstOrDefault(File.Exists)
            ?? throw new FormatException($"{folder} is no MagicBrush set: it has neither edit_turns.json nor edit_sessions.json.");
        var root = DatasetJson.Read(path);
        var turns = root.ValueKind == JsonValueKind.Object ? root.EnumerateObject().SelectMany(s => s.Value.EnumerateArray()) : root.EnumerateArray();
        return [.. turns.Select(turn =>
        {
            string Field(string name) => DatasetJson.Text(turn, name, $"{path}: a turn");
            var input = Field("input");
            return new MagicBrushTurn(input.Split('-')[0], input, Field("mask"), Field("output"), Field("instruction"));
        })];
    }
}
