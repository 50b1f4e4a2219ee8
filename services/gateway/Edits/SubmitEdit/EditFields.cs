using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using FlexEdit.Gateway.Pictures;
using FlexEdit.Gateway.Uploads;
using FlexEdit.Platform.Problems;

namespace FlexEdit.Gateway.Edits.SubmitEdit;

/// <summary>All fields of one request, whatever form they came in, and their reading as text, numbers and lists.</summary>
internal sealed partial class EditFields
{
    private readonly Dictionary<string, PictureField> _pictures = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FieldValue> _values = new(StringComparer.Ordinal);
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    /// <summary>Notes that a field appears.</summary>
    /// <exception cref="ProblemException">400: for the second time.</exception>
    public void Meet(string name)
    {
        if (!_seen.Add(name))
            throw new ProblemException(Problem.Malformed($"{name} is given twice.", name));
    }

    /// <summary>Takes a picture in.</summary>
    public void Add(string name, Upload upload) => _pictures.Add(name, new PictureField { File = upload });

    /// <summary>Takes the name of a picture in: an asset's id or a URL.</summary>
    public void AddReference(string name, string reference) => _pictures.Add(name, new PictureField { Reference = reference });

    /// <summary>Replaces a picture that was only named by what was found.</summary>
    public void Found(string name, PictureField picture) => _pictures[name] = picture;

    /// <summary>Takes a value in.</summary>
    public void Add(string name, FieldValue value) => _values.Add(name, value);

    /// <summary>Says in place of the client what it left out, or said in other words.</summary>
    public void Put(string name, string text) => _values[name] = new FieldValue(text, FieldSource.Form);

    /// <summary>The names of all fields that were sent.</summary>
    public IEnumerable<string> Names => _seen;

    /// <summary>All pictures, by their fields.</summary>
    public IReadOnlyDictionary<string, PictureField> Pictures => _pictures;

    /// <summary>A picture; null where there is none.</summary>
    public PictureField? Picture(string name) => _pictures.GetValueOrDefault(name);

    /// <summary>A text; null where there is none.</summary>
    /// <exception cref="ProblemException">400: no text.</exception>
    public string? Text(string name) => _values.GetValueOrDefault(name) switch
    {
        null => null,
        { Source: FieldSource.Form or FieldSource.JsonString } value => value.Text,
        _ => throw Wrong(name, "a string"),
    };

    /// <summary>A text that is not empty: an empty field of a form means no choice.</summary>
    public string? Choice(string name) => Text(name) is { Length: > 0 } text ? text : null;

    /// <summary>A number, maybe infinite where too many digits were sent; null where there is none.</summary>
    /// <exception cref="ProblemException">400: no number.</exception>
    public double? Number(string name)
    {
        if (_values.GetValueOrDefault(name) is not { } value || (value.Source == FieldSource.Form && value.Text.Length == 0))
            return null;
        return value.Source is FieldSource.Form or FieldSource.JsonNumber && JsonNumber.IsMatch(value.Text)
            ? double.Parse(value.Text, CultureInfo.InvariantCulture)
            : throw Wrong(name, "a number");
    }

    /// <summary>True or false; null where there is none.</summary>
    /// <exception cref="ProblemException">400: something else.</exception>
    public bool? Truth(string name) => _values.GetValueOrDefault(name) switch
    {
        null or { Source: FieldSource.Form, Text: "" } => null,
        { Source: FieldSource.Form or FieldSource.JsonTruth, Text: var text } when bool.TryParse(text, out var truth) => truth,
        _ => throw Wrong(name, "true or false"),
    };

    /// <summary>A list or object; null where there is none.</summary>
    /// <exception cref="ProblemException">400: something else.</exception>
    public string? Tree(string name) => _values.GetValueOrDefault(name) switch
    {
        null or { Source: FieldSource.Form, Text.Length: 0 } => null,
        { Source: FieldSource.Form or FieldSource.JsonTree } value => value.Text,
        _ => throw Wrong(name, "a list or an object"),
    };

    /// <summary>
    /// SHA-256 over all names, values and pictures (by their own digests, or by what they are named: an id or a URL) and a text of the caller's,
    /// lower-case hexadecimal: the same for the same request, in whatever order its fields came.
    /// </summary>
    public string Digest(string beside)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(beside);
        foreach (var name in _seen.Order(StringComparer.Ordinal))
        {
            Add(name);
            Add(_pictures.TryGetValue(name, out var picture) ? picture.Identity : _values.TryGetValue(name, out var value) ? $"{value.Source} {value.Text}" : "");
        }
        return Convert.ToHexStringLower(digest.GetHashAndReset());

        // With its length before it, no text can pass for two others.
        void Add(string text)
        {
            digest.AppendData(BitConverter.GetBytes(Encoding.UTF8.GetByteCount(text)));
            digest.AppendData(Encoding.UTF8.GetBytes(text));
        }
    }

    /// <summary>The reading of JSON texts: strict, and a name given twice is an error.</summary>
    public static JsonDocumentOptions StrictJson => new() { AllowDuplicateProperties = false };

    private static ProblemException Wrong(string name, string what) => new(Problem.Malformed($"{name} must be {what}.", name));

    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex JsonNumber { get; }
}
