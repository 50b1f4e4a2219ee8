using FlexEdit.Models.Editing;
using FlexEdit.Models.Llama;
using static TorchSharp.torch;

namespace FlexEdit.Training.Understanding;

/// <summary>Questions with their answers as padded rows of tokens: what is read, what is to be said, and how much each said token counts (eqs. 2 and 5).</summary>
internal sealed class TokenRows
{
    /// <summary>How many times the words of a label count, for all other words of an answer are learned in minutes.</summary>
    private const float LabelWeight = 5;

    private readonly long[] ids, labels;
    private readonly float[] weights;
    private readonly int count;

    private TokenRows(IReadOnlyList<Row> rows, long padding)
    {
        count = rows.Count;
        Length = rows.Max(r => r.Ids.Count);
        ids = new long[count * Length];
        labels = new long[ids.Length];
        weights = new float[ids.Length];
        Array.Fill(ids, padding);
        Array.Fill(labels, CausalLoss.Ignored);
        ImageStates = [.. rows.Select(r => (long)r.Image)];
        foreach (var (r, row) in rows.Index())
        {
            for (var i = 0; i < row.Ids.Count; i++)
            {
                ids[(r * Length) + i] = row.Ids[i];
                if (i < row.Question)
                    continue;
                labels[(r * Length) + i] = row.Ids[i];
                weights[(r * Length) + i] = i < row.LabelFrom || i >= row.LabelTo ? 1 : row.LabelKnown ? LabelWeight : 0;
            }
        }
    }

    /// <summary>Tokens of a padded row.</summary>
    public int Length { get; }

    /// <summary>Behind the last image token of each row; 0 where there is none.</summary>
    public long[] ImageStates { get; }

    /// <summary>What is read: int64 [rows, length].</summary>
    public Tensor Ids => tensor(ids, [count, Length]);

    /// <summary>What is to be said: likewise, ignored outside of the answers.</summary>
    public Tensor Labels => tensor(labels, [count, Length]);

    /// <summary>How much each token counts: [rows, length].</summary>
    public Tensor Weights => tensor(weights, [count, Length]);

    /// <summary>Edits: the answer says what the mask means and ends with the image tokens. Of a label that nobody knows, nothing is learned.</summary>
    public static TokenRows Edits(IEnumerable<(string Instruction, string? Label)> edits, bool withSubject, EditPrompt prompt, long padding) =>
        new([.. edits.Select(e => Edit(e.Instruction, e.Label, withSubject, prompt))], padding);

    /// <summary>Questions about a picture, with their answers.</summary>
    public static TokenRows Talk(IEnumerable<(string Question, string Answer)> turns, EditPrompt prompt, long padding) =>
        new([.. turns.Select(t => Turn(t.Question, t.Answer, prompt))], padding);

    private static Row Edit(string instruction, string? label, bool withSubject, EditPrompt prompt)
    {
        var row = new List<long>(prompt.Question(instruction, withSubject));
        var question = row.Count;
        row.AddRange(prompt.AnswerBegin);
        var from = row.Count;
        row.AddRange(prompt.Label(label ?? "object"));
        var to = row.Count + 1; // the closing quote says where a name ends
        row.AddRange(prompt.AnswerEnd);
        var image = row.Count;
        row.AddRange(prompt.Close);
        return new Row(row, question, from, to, label is not null, image);
    }

    private static Row Turn(string asked, string answer, EditPrompt prompt)
    {
        var row = new List<long>(prompt.Question(asked, withSubject: false));
        var question = row.Count;
        row.AddRange(prompt.Label(answer));
        row.AddRange(prompt.Close);
        return new Row(row, question, 0, 0, true, 0);
    }

    private sealed record Row(List<long> Ids, int Question, int LabelFrom, int LabelTo, bool LabelKnown, int Image);
}
