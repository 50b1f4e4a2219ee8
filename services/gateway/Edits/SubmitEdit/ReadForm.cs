using System.Text;
using FlexEdit.Gateway.Hosting;
using FlexEdit.Gateway.Pictures;
using FlexEdit.Gateway.Uploads;
using FlexEdit.Platform.Problems;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace FlexEdit.Gateway.Edits.SubmitEdit;

/// <summary>Reads <c>multipart/form-data</c> part by part; files go straight to disk.</summary>
internal static class ReadForm
{
    private const int LongestBoundary = 70; // RFC 2046, section 5.1.1
    private const int MostParts = 64;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>All fields of the form; <paramref name="useOf"/> knows their names. A file may have <paramref name="fileBytes"/>, or what a picture may have.</summary>
    /// <exception cref="ProblemException">400, 413 or 422: something in it is not acceptable.</exception>
    public static async Task<EditFields> RunAsync(HttpRequest request, UploadFolder folder, GatewayOptions limits, Func<string, FieldUse> useOf, CancellationToken cancellationToken, long? fileBytes = null)
    {
        var boundary = HeaderUtilities.RemoveQuotes(MediaTypeHeaderValue.Parse(request.ContentType).Boundary).Value;
        if (string.IsNullOrEmpty(boundary) || boundary.Length > LongestBoundary)
            throw new ProblemException(Problem.Malformed($"Content-Type must name the form's boundary, of at most {LongestBoundary} characters.", "Content-Type"));
        var reader = new MultipartReader(boundary, request.Body);
        var fields = new EditFields();
        try
        {
            for (var parts = 1; await reader.ReadNextSectionAsync(cancellationToken) is { } section; parts++)
            {
                if (parts > MostParts)
                    throw new ProblemException(Problem.Malformed($"The form has more than {MostParts} parts."));
                await ReadPartAsync(section, fields, folder, limits, fileBytes ?? limits.PictureBytes, useOf, cancellationToken);
            }
        }
        catch (Exception broken) when (broken is InvalidDataException or (IOException and not BadHttpRequestException))
        {
            throw new ProblemException(Problem.Malformed("The form is damaged or cut short: its parts do not follow RFC 7578."));
        }

        return fields;
    }

    private static async Task ReadPartAsync(
        MultipartSection section, EditFields fields, UploadFolder folder, GatewayOptions limits, long fileBytes, Func<string, FieldUse> useOf, CancellationToken cancellationToken)
    {
        if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition)
            || HeaderUtilities.RemoveQuotes(disposition.Name).Value is not { Length: > 0 } sent)
        {
            throw new ProblemException(Problem.Malformed("Every part of the form needs a Content-Disposition with a name."));
        }

        var (name, shape) = useOf(sent);
        fields.Meet(name);
        if (shape is not (FieldShape.Picture or FieldShape.PictureReference))
        {
            fields.Add(name, new FieldValue(await ReadTextAsync(section.Body, name, limits, cancellationToken), FieldSource.Form));
            return;
        }

        var upload = await UploadWriter.CopyAsync(section.Body, folder.NewPath(), fileBytes, name, cancellationToken);
        if (!disposition.IsFileDisposition() && await ReadReferenceAsync(upload, name, cancellationToken) is { } reference)
            fields.AddReference(name, reference);
        // A browser sends a part without a file name for a file field that was left empty.
        else if (upload.Bytes > 0 || disposition.IsFileDisposition())
            fields.Add(name, upload);
    }

    /// <summary>The id or URL that a part without a file name holds; null where it holds something else.</summary>
    private static async Task<string?> ReadReferenceAsync(Upload upload, string name, CancellationToken cancellationToken)
    {
        var text = new byte[PictureField.LongestReference];
        await using var file = File.OpenRead(upload.Path);
        var length = await file.ReadAtLeastAsync(text, text.Length, throwOnEndOfStream: false, cancellationToken);
        if (!PictureField.IsReference(text.AsSpan(0, length)))
            return null;
        if (upload.Bytes > text.Length)
            throw ReadJson.ReferenceTooLong(name);
        try
        {
            return Utf8.GetString(text, 0, length);
        }
        catch (DecoderFallbackException)
        {
            throw new ProblemException(Problem.Malformed($"{name} is not valid UTF-8.", name));
        }
    }

    private static async Task<string> ReadTextAsync(Stream body, string name, GatewayOptions limits, CancellationToken cancellationToken)
    {
        using var text = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (text.Length + read > limits.TextBytes)
                throw TooLong(name, limits);
            text.Write(buffer, 0, read);
        }

        try
        {
            return Utf8.GetString(text.GetBuffer(), 0, (int)text.Length);
        }
        catch (DecoderFallbackException)
        {
            throw new ProblemException(Problem.Malformed($"{name} is not valid UTF-8.", name));
        }
    }

    /// <summary>The refusal of a text that is too large to be looked at.</summary>
    public static ProblemException TooLong(string name, GatewayOptions limits) => new(name == FieldNames.Instruction
        ? Instruction.TooLong(limits.InstructionLength)
        : Problem.TooLarge($"{name} is larger than the {limits.TextBytes} bytes allowed.", name));
}
