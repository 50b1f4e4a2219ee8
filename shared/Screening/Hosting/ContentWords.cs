namespace FlexEdit.Screening.Hosting;

/// <summary>The words that settings of <see cref="ContentOptions"/> may have; the first of each is the default.</summary>
internal static class ContentWords
{
    public const string Channelwise = "nhwc";
    public const string Bgr = "bgr";
    public const string Tiles = "tiles";
    public const string Softmax = "softmax";
    public const string Sigmoid = "sigmoid";
    public const string Withheld = "withheld";
    public const string Pass = "pass";

    public static IReadOnlyList<string> Layouts { get; } = ["nchw", Channelwise];

    public static IReadOnlyList<string> ChannelOrders { get; } = ["rgb", Bgr];

    public static IReadOnlyList<string> Fits { get; } = ["stretch", Tiles];

    public static IReadOnlyList<string> Activations { get; } = [Softmax, Sigmoid, "none"];

    public static IReadOnlyList<string> PreviewRules { get; } = [Withheld, "screened"];

    public static IReadOnlyList<string> FailureRules { get; } = ["refuse", Pass];

    /// <summary>Every such setting, with what it is and what it may be.</summary>
    public static IEnumerable<(string Name, string Value, IReadOnlyList<string> Words)> Of(ContentOptions options) =>
    [
        (nameof(options.Layout), options.Layout, Layouts),
        (nameof(options.Channels), options.Channels, ChannelOrders),
        (nameof(options.Fit), options.Fit, Fits),
        (nameof(options.Activation), options.Activation, Activations),
        (nameof(options.Previews), options.Previews, PreviewRules),
        (nameof(options.OnFailure), options.OnFailure, FailureRules),
    ];
}
