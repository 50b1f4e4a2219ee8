using System.Globalization;
using FlexEdit.Platform.Hosting;

namespace FlexEdit.Screening.Hosting;

/// <summary>Section <c>Content</c>: the classifier that screens pictures, and what becomes of those that it does not let pass (docs/operations/content.md).</summary>
public sealed class ContentOptions : ISettings
{
    /// <summary>Name of the section under <c>FlexEdit</c>.</summary>
    public const string Section = "Content";

    /// <summary>The classifier's ONNX file; unset: nothing is screened.</summary>
    public string? Classifier { get; set; }

    /// <summary>SHA-256 of the file, hexadecimal: another file is not run.</summary>
    public string? Sha256 { get; set; }

    /// <summary>Width that the network reads, pixels.</summary>
    public int Width { get; set; } = 224;

    /// <summary>Height that the network reads, pixels.</summary>
    public int Height { get; set; } = 224;

    /// <summary><c>nchw</c> or <c>nhwc</c>.</summary>
    public string Layout { get; set; } = ContentWords.Layouts[0];

    /// <summary><c>rgb</c> or <c>bgr</c>.</summary>
    public string Channels { get; set; } = ContentWords.ChannelOrders[0];

    /// <summary>Subtracted from samples of 0 to 1, in the order of <see cref="Channels"/>: three numbers, or one for all; 0.5 when unset.</summary>
    public IList<double> Mean { get; } = [];

    /// <summary>What is left is divided by it: three numbers, or one for all; 0.5 when unset.</summary>
    public IList<double> Std { get; } = [];

    /// <summary><c>stretch</c>: the whole picture in one look. <c>tiles</c>: squares side by side along the longer side, each in a look of its own.</summary>
    public string Fit { get; set; } = ContentWords.Fits[0];

    /// <summary>Name of the output that is read; unset: the first.</summary>
    public string? Output { get; set; }

    /// <summary>What makes the output's numbers probabilities: <c>softmax</c>, <c>sigmoid</c>, or <c>none</c> where they are.</summary>
    public string Activation { get; set; } = ContentWords.Activations[0];

    /// <summary>Names of the classes in the output's order; only for <see cref="Unsafe"/>.</summary>
    public IList<string> Labels { get; } = [];

    /// <summary>The classes that are not let pass: places in the output, from 0, or names of <see cref="Labels"/>.</summary>
    public IList<string> Unsafe { get; } = [];

    /// <summary>Probability of the unsafe classes from which a picture is not let pass, above 0 to 1.</summary>
    public double Threshold { get; set; } = 0.5;

    /// <summary>Whether scenes and subjects are screened.</summary>
    public bool Inputs { get; set; } = true;

    /// <summary>Whether results are screened.</summary>
    public bool Results { get; set; } = true;

    /// <summary>Where results are screened: <c>withheld</c>, no previews; <c>screened</c>, those that pass.</summary>
    public string Previews { get; set; } = ContentWords.PreviewRules[0];

    /// <summary>Where the classifier breaks or takes too long: <c>refuse</c>, the attempt fails and is tried again; <c>pass</c>, the picture passes unscreened.</summary>
    public string OnFailure { get; set; } = ContentWords.FailureRules[0];

    /// <summary>How long one look may take before the classifier's process is killed; at the start, ten times as long.</summary>
    public TimeSpan TimeLimit { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How much memory the classifier's process may use for data, MiB.</summary>
    public int MemoryMegabytes { get; set; } = 2048;

    /// <summary>Threads of one look; 0 for as many as there are processors.</summary>
    public int Threads { get; set; }

    /// <summary>Whether anything is screened.</summary>
    internal bool IsOn => Classifier is not null && (Inputs || Results);

    /// <summary>Places of the unsafe classes.</summary>
    internal IReadOnlyList<int> UnsafePlaces => [.. Unsafe.Select(PlaceOf)];

    /// <inheritdoc/>
    public IEnumerable<string> Faults()
    {
        if (Classifier is null)
        {
            if (Sha256 is not null || Unsafe.Count > 0)
                yield return "FLEXEDIT__Content__Classifier is not set, but other settings of the classifier are; set it to the ONNX file, or unset them.";
            yield break;
        }
        if (!File.Exists(Classifier))
            yield return $"FLEXEDIT__Content__Classifier is '{Classifier}', which is no file; set it to the classifier's ONNX file.";
        if (Sha256 is not { Length: 64 } || !Sha256.All(char.IsAsciiHexDigit))
            yield return "FLEXEDIT__Content__Sha256 is not a SHA-256; set it to what 'sha256sum' says of the classifier's file, 64 hexadecimal digits.";
        foreach (var (name, value) in new[] { (nameof(Width), Width), (nameof(Height), Height) })
        {
            if (value is < 1 or > 2048)
                yield return $"FLEXEDIT__Content__{name} is {value}; set it to what the network reads, 1 to 2048 pixels.";
        }
        foreach (var (name, values) in new[] { (nameof(Mean), Mean), (nameof(Std), Std) })
        {
            if (values.Count is not (0 or 1 or 3) || !values.All(double.IsFinite) || (name == nameof(Std) && values.Any(value => value <= 0)))
                yield return $"FLEXEDIT__Content__{name} has {string.Join(", ", values)}; set one number or three (__0 to __2) for samples of 0 to 1{(name == nameof(Std) ? ", all above 0" : "")}.";
        }
        if (Unsafe.Count == 0)
            yield return "FLEXEDIT__Content__Unsafe__0 is not set; set it to the place (from 0) or the label of the class that is not let pass.";
        foreach (var name in Unsafe.Where(name => PlaceOf(name) < 0))
            yield return $"FLEXEDIT__Content__Unsafe has '{name}', which is neither a place from 0 nor one of FLEXEDIT__Content__Labels ({string.Join(", ", Labels)}).";
        if (!(Threshold > 0 && Threshold <= 1))
            yield return $"FLEXEDIT__Content__Threshold is {Threshold}; set it above 0, to 1 at most.";
        foreach (var (name, value, words) in ContentWords.Of(this).Where(choice => !choice.Words.Contains(choice.Value)))
            yield return $"FLEXEDIT__Content__{name} is '{value}'; set it to one of {string.Join(", ", words)}.";
        if (!Inputs && !Results)
            yield return "FLEXEDIT__Content__Inputs and FLEXEDIT__Content__Results are both false; set one to true, or unset FLEXEDIT__Content__Classifier.";
        if (TimeLimit < TimeSpan.FromMilliseconds(10) || TimeLimit > TimeSpan.FromMinutes(5))
            yield return $"FLEXEDIT__Content__TimeLimit is {TimeLimit}; set it between 00:00:00.010 and 00:05:00.";
        if (MemoryMegabytes is < 256 or > 65_536)
            yield return $"FLEXEDIT__Content__MemoryMegabytes is {MemoryMegabytes}; set it between 256 and 65536.";
        if (Threads is < 0 or > 256)
            yield return $"FLEXEDIT__Content__Threads is {Threads}; set it between 0 and 256.";
    }

    private int PlaceOf(string name) =>
        int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var place) ? place : Labels.IndexOf(name);
}
