using System.Globalization;
using System.Net.Http.Headers;

namespace FlexEdit.Cli.Api;

/// <summary>Fields of a form; those that are null are left out.</summary>
internal static class FormFields
{
    public static void AddText(this MultipartFormDataContent content, string name, IFormattable? value) =>
        content.AddText(name, value?.ToString(null, CultureInfo.InvariantCulture));

    public static void AddText(this MultipartFormDataContent content, string name, string? value)
    {
        if (value is not null)
            content.Add(new StringContent(value), name);
    }

    /// <summary>A file, opened here and closed with the form.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static void AddFile(this MultipartFormDataContent content, string name, string? path)
    {
        if (path is null)
            return;
        var file = new StreamContent(File.OpenRead(path));
        file.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream"); // the server looks at the bytes
        content.Add(file, name, name);
    }
}
