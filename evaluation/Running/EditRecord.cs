using System.Text.Json;
using FlexEdit.Masks.Rle;

namespace FlexEdit.Evaluation.Running;

/// <summary>What is kept of an edit beside its picture, so that a run can be resumed and scored again.</summary>
public sealed record EditRecord
{
    /// <summary>Digest of everything that the editor was given.</summary>
    public required string Inputs { get; init; }
    /// <summary>How long it took, seconds.</summary>
    public double Seconds { get; init; }
    /// <summary>Why there is no picture; null where there is one.</summary>
    public string? Error { get; init; }
    /// <summary>What the editor named.</summary>
    public string? Label { get; init; }
    /// <summary>Its probability.</summary>
    public double Confidence { get; init; }
    /// <summary>Whether it was unsure.</summary>
    public bool Ambiguous { get; init; }
    /// <summary>The whole mask, COCO's string.</summary>
    public string? FullMask { get; init; }

    /// <summary>Reads a file; null where there is none, or a damaged one.</summary>
    public static EditRecord? Read(string path)
    {
        try
        {
            return File.Exists(path) ? JsonSerializer.Deserialize<EditRecord>(File.ReadAllText(path), Cases.EvaluationCase.Json) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Writes the file whole or not at all.</summary>
    public void Write(string path)
    {
        File.WriteAllText(path + ".part", JsonSerializer.Serialize(this, Cases.EvaluationCase.Json));
        File.Move(path + ".part", path, overwrite: true);
    }

    /// <summary>What was understood, for a picture of this size.</summary>
    public EditReading? Reading(int width, int height) => Label is null ? null : new EditReading
    {
        Label = Label,
        Confidence = Confidence,
        Ambiguous = Ambiguous,
        FullMask = FullMask is null ? null : CocoRle.Decode(CocoRle.Decompress(FullMask), width, height),
    };
}
