using FlexEdit.Screening.Hosting;

namespace FlexEdit.Screening.Child;

/// <summary>A classifier as its process is told to run it.</summary>
internal sealed record ClassifierCard
{
    /// <summary>The ONNX file.</summary>
    public required string Path { get; init; }
    /// <summary>SHA-256 that it must have.</summary>
    public required string Sha256 { get; init; }
    /// <summary>Width that it reads.</summary>
    public required int Width { get; init; }
    /// <summary>Height that it reads.</summary>
    public required int Height { get; init; }
    /// <summary>Whether a pixel's channels lie side by side.</summary>
    public required bool Channelwise { get; init; }
    /// <summary>Whether blue comes first.</summary>
    public required bool BlueFirst { get; init; }
    /// <summary>Three numbers.</summary>
    public required IReadOnlyList<double> Mean { get; init; }
    /// <summary>Three numbers.</summary>
    public required IReadOnlyList<double> Std { get; init; }
    /// <summary>Name of the output; null for the first.</summary>
    public string? Output { get; init; }
    /// <summary>A word of <see cref="ContentWords.Activations"/>.</summary>
    public required string Activation { get; init; }
    /// <summary>Places of the unsafe classes.</summary>
    public required IReadOnlyList<int> Unsafe { get; init; }
    /// <summary>Threads of one look; 0 for as many as there are processors.</summary>
    public required int Threads { get; init; }

    /// <summary>What the settings say.</summary>
    public static ClassifierCard Of(ContentOptions options) => new()
    {
        Path = options.Classifier!,
        Sha256 = options.Sha256!,
        Width = options.Width,
        Height = options.Height,
        Channelwise = options.Layout == ContentWords.Channelwise,
        BlueFirst = options.Channels == ContentWords.Bgr,
        Mean = Three(options.Mean),
        Std = Three(options.Std),
        Output = options.Output,
        Activation = options.Activation,
        Unsafe = options.UnsafePlaces,
        Threads = options.Threads,
    };

    private static double[] Three(IList<double> values) => values switch
    {
        [] => [0.5, 0.5, 0.5],
        [var one] => [one, one, one],
        _ => [.. values],
    };
}
