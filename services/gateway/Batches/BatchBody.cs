using System.Text.Json;
using FlexEdit.Contracts.Batches;
using FlexEdit.Contracts.Errors;
using FlexEdit.Gateway.Edits.SubmitEdit;
using FlexEdit.Platform.Problems;

namespace FlexEdit.Gateway.Batches;

/// <summary>Where the edits are in the body of a batch. What is wrong with one of them is found out later, and is the problem of that line alone.</summary>
internal static class BatchBody
{
    /// <summary>The field of a line that is no edit's: what the client calls it.</summary>
    public const string CustomId = "custom_id";

    /// <summary>Longest <see cref="CustomId"/>, UTF-16 units.</summary>
    public const int LongestCustomId = 128;

    private const string Requests = "requests";

    /// <summary>The lines of a JSONL body; empty ones are none.</summary>
    /// <exception cref="ProblemException">413: more than <paramref name="most"/>; 422: none.</exception>
    public static IReadOnlyList<BatchPart> Lines(ReadOnlySpan<byte> body, int most)
    {
        var parts = new List<BatchPart>();
        var start = body.StartsWith("\uFEFF"u8) ? 3 : 0;
        while (start < body.Length)
        {
            var end = body[start..].IndexOf((byte)'\n');
            var line = body.Slice(start, end < 0 ? body.Length - start : end);
            if (!line.Trim(" \t\r"u8).IsEmpty)
                Add(parts, body, start, line.Length, most);
            start += line.Length + 1;
        }
        return Checked(parts);
    }

    /// <summary>The items of <c>{"requests": […]}</c>.</summary>
    /// <exception cref="ProblemException">400: another JSON; 413: more than <paramref name="most"/>; 422: none.</exception>
    public static IReadOnlyList<BatchPart> Items(ReadOnlySpan<byte> body, int most)
    {
        var parts = new List<BatchPart>();
        var begin = body.StartsWith("\uFEFF"u8) ? 3 : 0;
        var reader = new Utf8JsonReader(body[begin..]);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject || !reader.Read() || reader.TokenType != JsonTokenType.PropertyName
                || !reader.ValueTextEquals(Requests) || !reader.Read() || reader.TokenType != JsonTokenType.StartArray)
            {
                throw Wrong();
            }
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                Add(parts, body, begin + start, (int)reader.BytesConsumed - start, most);
            }
            if (!reader.Read() || reader.TokenType != JsonTokenType.EndObject)
                throw Wrong();
            reader.Read();
        }
        catch (JsonException problem)
        {
            throw new ProblemException(Problem.Malformed($"The body is not the JSON object that it should be (line {problem.LineNumber + 1}, byte {problem.BytePositionInLine + 1})."));
        }
        return Checked(parts);
    }

    /// <summary>What a line is called.</summary>
    /// <exception cref="ProblemException">400: too long, or no text.</exception>
    public static void CheckCustomId(EditFields fields)
    {
        if (fields.Text(CustomId) is { } id && (id.Length is 0 or > LongestCustomId || id.Contains('\0')))
            throw new ProblemException(Problem.Malformed($"{CustomId} must be a text of 1 to {LongestCustomId} characters.", CustomId));
    }

    private static void Add(List<BatchPart> parts, ReadOnlySpan<byte> body, int start, int length, int most)
    {
        if (parts.Count == most)
            throw new ProblemException(Problem.TooLarge($"A batch may have at most {most} edits."));
        parts.Add(new BatchPart(start, length, CustomIdOf(body.Slice(start, length))));
    }

    // Null also where the line is broken: that is told when its turn comes.
    private static string? CustomIdOf(ReadOnlySpan<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isName = reader.ValueTextEquals(CustomId);
                reader.Read();
                if (isName)
                    return reader.TokenType == JsonTokenType.String && reader.GetString() is { Length: > 0 and <= LongestCustomId } id && !id.Contains('\0') ? id : null;
                reader.Skip();
            }
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
        }
        return null;
    }

    private static IReadOnlyList<BatchPart> Checked(List<BatchPart> parts) => parts.Count > 0 ? parts
        : throw new ProblemException(Problem.Unprocessable(ErrorCodes.BatchEmpty, "The batch has no edit in it."));

    private static ProblemException Wrong() => new(Problem.Malformed("The body must be JSON lines, or a JSON object with one member, 'requests': a list of edits.", Requests));
}
