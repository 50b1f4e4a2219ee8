using System.Text;
using System.Text.Json;
using FlexEdit.Contracts.Errors;
using FlexEdit.Gateway.Hosting;
using FlexEdit.Gateway.Pictures;
using FlexEdit.Gateway.Uploads;
using FlexEdit.Platform.Problems;

namespace FlexEdit.Gateway.Edits.SubmitEdit;

/// <summary>Reads a JSON body. It goes to disk first and is parsed there; pictures in it go from file to file.</summary>
internal static class ReadJson
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>All fields of the object; <paramref name="useOf"/> knows their names.</summary>
    /// <exception cref="ProblemException">400, 413 or 422: something in it is not acceptable.</exception>
    public static async Task<EditFields> RunAsync(HttpRequest request, UploadFolder folder, GatewayOptions limits, Func<string, FieldUse> useOf, CancellationToken cancellationToken)
    {
        var body = await UploadWriter.CopyAsync(request.Body, folder.NewPath(), limits.BodyBytes, "The body", cancellationToken);
        return Read(body, folder, limits, useOf);
    }

    /// <summary>All fields of the object in a file.</summary>
    /// <exception cref="ProblemException">As <see cref="RunAsync"/>.</exception>
    public static EditFields Read(Upload body, UploadFolder folder, GatewayOptions limits, Func<string, FieldUse> useOf)
    {
        using var file = new MappedFile(body.Path, (int)body.Bytes);
        try
        {
            return Parse(file.Bytes, folder, limits, useOf);
        }
        catch (JsonException problem)
        {
            throw new ProblemException(Problem.Malformed(
                $"The body is not the JSON object that it should be (line {problem.LineNumber + 1}, byte {problem.BytePositionInLine + 1})."));
        }
    }

    private static EditFields Parse(ReadOnlySpan<byte> json, UploadFolder folder, GatewayOptions limits, Func<string, FieldUse> useOf)
    {
        if (json.StartsWith(Encoding.UTF8.Preamble))
            json = json[Encoding.UTF8.Preamble.Length..];
        var reader = new Utf8JsonReader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw new ProblemException(Problem.Malformed("The body must be a JSON object."));
        var into = new Reading(new EditFields(), folder, limits, useOf);
        ReadMembers(ref reader, json, "", into);
        // Reads on behind the object, where nothing may follow.
        reader.Read();
        return into.Fields;
    }

    private static void ReadMembers(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, string prefix, Reading into)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = TextOf(ref reader, "A field's name");
            reader.Read();
            ReadField(ref reader, json, prefix + name, into);
        }
    }

    private static void ReadField(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, string sent, Reading into)
    {
        var (name, shape) = into.UseOf(sent);
        into.Fields.Meet(name);
        if (reader.TokenType == JsonTokenType.Null)
            return;
        switch (shape)
        {
            case FieldShape.Picture:
                ReadPicture(ref reader, name, into);
                break;
            case FieldShape.PictureReference:
                ReadReference(ref reader, name, into);
                break;
            case FieldShape.List when reader.TokenType == JsonTokenType.StartArray:
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    ReadField(ref reader, json, $"{sent}[]", into);
                break;
            case FieldShape.Fields when reader.TokenType == JsonTokenType.StartObject:
                ReadMembers(ref reader, json, $"{sent}.", into);
                break;
            case FieldShape.Value:
                into.Fields.Add(name, Value(ref reader, json, name, into.Limits));
                break;
            default:
                throw new ProblemException(Problem.Malformed($"{name} must be {(shape == FieldShape.List ? "a list" : "an object")}.", name));
        }
    }

    // {"image_url": "data:…"} or {"file_id": "…"}
    private static void ReadReference(ref Utf8JsonReader reader, string name, Reading into)
    {
        var wrong = Problem.Malformed($"{name} must be an object with either image_url or file_id.", name);
        if (reader.TokenType != JsonTokenType.StartObject || !reader.Read() || reader.TokenType != JsonTokenType.PropertyName
            || TextOf(ref reader, name) is not ("image_url" or "file_id"))
        {
            throw new ProblemException(wrong);
        }

        reader.Read();
        ReadPicture(ref reader, name, into);
        if (!reader.Read() || reader.TokenType != JsonTokenType.EndObject)
            throw new ProblemException(wrong);
    }

    private static void ReadPicture(ref Utf8JsonReader reader, string name, Reading into)
    {
        if (reader.TokenType != JsonTokenType.String)
            throw new ProblemException(Problem.Malformed($"{name} must be a string: the id of an asset, an https: URL, or a data: URI.", name));
        if (!PictureField.IsReference(reader.ValueSpan))
            into.Fields.Add(name, DataUri.Save(reader.ValueSpan, into.Folder.NewPath(), into.Limits.PictureBytes, name));
        else if (reader.ValueSpan.Length <= PictureField.LongestReference)
            into.Fields.AddReference(name, TextOf(ref reader, name));
        else
            throw ReferenceTooLong(name);
    }

    /// <summary>The refusal of an id or URL that is too long to be one.</summary>
    public static ProblemException ReferenceTooLong(string name) =>
        new(Problem.Malformed($"{name} is longer than any id or URL that is taken ({PictureField.LongestReference} bytes).", name));

    private static FieldValue Value(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, string name, GatewayOptions limits)
    {
        var start = (int)reader.TokenStartIndex;
        var source = reader.TokenType switch
        {
            JsonTokenType.String => FieldSource.JsonString,
            JsonTokenType.Number => FieldSource.JsonNumber,
            JsonTokenType.True or JsonTokenType.False => FieldSource.JsonTruth,
            _ => FieldSource.JsonTree,
        };
        reader.Skip();
        var raw = json[start..(int)reader.BytesConsumed];
        if (raw.Length > limits.TextBytes)
            throw ReadForm.TooLong(name, limits);
        return new FieldValue(source == FieldSource.JsonString ? TextOf(ref reader, name) : Decode(raw, name), source);
    }

    /// <summary>A name's or string's text. Broken UTF-8 and halves of surrogate pairs have none.</summary>
    private static string TextOf(ref Utf8JsonReader reader, string name)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new ProblemException(name == FieldNames.Instruction
                ? Problem.Unprocessable(ErrorCodes.InstructionInvalid, "The instruction is not valid Unicode text.", name)
                : Problem.Malformed($"{name} is not valid Unicode text.", name));
        }
    }

    private static string Decode(ReadOnlySpan<byte> raw, string name)
    {
        try
        {
            return Utf8.GetString(raw);
        }
        catch (DecoderFallbackException)
        {
            throw new ProblemException(Problem.Malformed($"{name} is not valid UTF-8.", name));
        }
    }

    /// <summary>Where the fields go.</summary>
    private sealed record Reading(EditFields Fields, UploadFolder Folder, GatewayOptions Limits, Func<string, FieldUse> UseOf);
}
