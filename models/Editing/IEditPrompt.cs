namespace FlexEdit.Models.Editing;

/// <summary>How an edit is put to a language model, and how it answers: the same sentences in the ids of one vocabulary (paper, figures 3 and 4).</summary>
public interface IEditPrompt
{
    /// <summary>Ids of the prompt: pictures, instruction, and the beginning of the answerer's turn. The token of a picture stands once for each of its patches.</summary>
    /// <param name="instruction">τ; plain text whatever it says.</param>
    /// <param name="withSubject">Whether there is a second picture.</param>
    IReadOnlyList<long> Question(string instruction, bool withSubject);

    /// <summary>Ids of the beginning of every answer, up to the label.</summary>
    IReadOnlyList<long> AnswerBegin { get; }

    /// <summary>Ids of a label.</summary>
    IReadOnlyList<long> Label(string label);

    /// <summary>Ids of which any ends a label.</summary>
    IReadOnlySet<long> LabelEnds { get; }

    /// <summary>Whether an id is text that a label can have: neither a control token nor a row of the embedding table that no token uses.</summary>
    bool IsText(long id);

    /// <summary>Ids of the longest label that is looked for.</summary>
    int LongestLabel { get; }

    /// <summary>Ids after the label: the rest of the sentence and the N image tokens.</summary>
    IReadOnlyList<long> AnswerEnd { get; }

    /// <summary>Ids of what closes an answer.</summary>
    IReadOnlyList<long> Close { get; }

    /// <summary>The answer as people read it.</summary>
    string Read(IEnumerable<long> ids);

    /// <summary>A label as people read it, in lower case.</summary>
    string ReadLabel(IEnumerable<long> ids);
}
