using FlexEdit.Contracts.Errors;
using FlexEdit.Gateway.Hosting;
using FlexEdit.Gateway.Uploads;
using FlexEdit.Platform.Problems;

namespace FlexEdit.Gateway.Edits.SubmitEdit;

/// <summary>The fields of a body, a form or JSON.</summary>
internal static class ReadBody
{
    /// <summary>Refuses a compressed body.</summary>
    /// <exception cref="ProblemException">415.</exception>
    public static void CheckEncoding(HttpRequest request)
    {
        if (request.Headers.ContentEncoding.Count > 0)
            throw WrongMediaType("Send the body without a Content-Encoding.");
    }

    /// <summary>Reads them; <paramref name="useOf"/> knows their names.</summary>
    /// <exception cref="ProblemException">415: another type; and what the readers refuse.</exception>
    public static Task<EditFields> RunAsync(HttpRequest request, UploadFolder folder, GatewayOptions limits, Func<string, FieldUse> useOf, CancellationToken gone)
    {
        var type = request.ContentType?.Split(';')[0].Trim();
        return "multipart/form-data".Equals(type, StringComparison.OrdinalIgnoreCase) ? ReadForm.RunAsync(request, folder, limits, useOf, gone)
            : "application/json".Equals(type, StringComparison.OrdinalIgnoreCase) ? ReadJson.RunAsync(request, folder, limits, useOf, gone)
            : throw WrongMediaType("Send the body as multipart/form-data (files) or application/json (data: URIs).");
    }

    private static ProblemException WrongMediaType(string detail) =>
        new(new Problem { Status = 415, Code = ErrorCodes.UnsupportedMediaType, Detail = detail });
}
