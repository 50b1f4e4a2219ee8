using FlexEdit.Platform.Hosting;
using FlexEdit.Platform.Outbound;

namespace FlexEdit.Gateway.Hosting;

/// <summary>Section <c>Gateway</c>: limits of the public API and who may use it.</summary>
public sealed class GatewayOptions : ISettings
{
    /// <summary>Name of the section under <c>FlexEdit</c>.</summary>
    public const string Section = "Gateway";

    /// <summary>
    /// Whether API keys are asked for: <c>required</c>, <c>off</c>, or <c>auto</c>: required by a gateway in a process of its own,
    /// off in the standalone server.
    /// </summary>
    public string Keys { get; set; } = "auto";

    /// <summary>Whether the gateway runs in a process of its own.</summary>
    internal bool IsAlone { get; set; }

    /// <summary>Whether a request has to carry a key.</summary>
    internal bool AsksForKeys => Keys == "required" || (Keys == "auto" && IsAlone && !AllowAnonymous);

    /// <summary>Serve without keys on addresses that other machines reach.</summary>
    public bool AllowAnonymous { get; set; }

    /// <summary>Origins whose pages may use the API from a browser, such as <c>https://app.example.org</c>, or <c>*</c>; none: off. <c>FLEXEDIT__Gateway__CorsOrigins__0=…</c>.</summary>
    public IList<string> CorsOrigins { get; } = [];

    /// <summary>Largest picture as uploaded, bytes.</summary>
    public long PictureBytes { get; set; } = 25_000_000;

    /// <summary>Most pixels of a picture.</summary>
    public long PicturePixels { get; set; } = 50_000_000;

    /// <summary>Longest side of a picture, pixels.</summary>
    public int PictureSide { get; set; } = 16_384;

    /// <summary>Largest text field (<c>mask_shapes</c>, <c>metadata</c>, …), bytes.</summary>
    public int TextBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>Longest instruction, Unicode code points.</summary>
    public int InstructionLength { get; set; } = 2000;

    /// <summary>How long storage may take to make a job durable before the client is told to try again.</summary>
    public TimeSpan SubmitTimeout { get; set; } = TimeSpan.FromMilliseconds(1800);

    /// <summary>Longest <c>Prefer: wait=N</c>.</summary>
    public TimeSpan LongestWait { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Longest wait of a door whose answer is the finished picture; the edit is canceled then.</summary>
    public TimeSpan LongestEdit { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Time between two comments on a silent event stream.</summary>
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How often an event stream looks at the durable log although nothing woke it.</summary>
    public TimeSpan Reread { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Fetch pictures also from private addresses, any port and http: for development.</summary>
    public bool AllowPrivateTargets { get; set; }

    /// <summary>How long fetching one picture from its URL may take, redirects included.</summary>
    public TimeSpan FetchTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Where pictures are fetched from.</summary>
    internal TargetRules Targets => AllowPrivateTargets ? TargetRules.AlsoPrivate : TargetRules.Public;

    /// <summary>Most edits of one batch.</summary>
    public int BatchLines { get; set; } = 10_000;

    /// <summary>Lines of batches that this gateway takes in at once; single edits come in beside them.</summary>
    public int BatchSlots { get; set; } = 2;

    /// <summary>How often lines of batches are looked for without being rung for.</summary>
    public TimeSpan BatchInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Folder for uploads on their way; the system's when unset.</summary>
    public string? TempFolder { get; set; }

    /// <summary>Largest request body in bytes: three pictures in base 64 and the text fields.</summary>
    public long BodyBytes => (3 * ((PictureBytes + 2) / 3 * 4)) + (2L * TextBytes);

    /// <inheritdoc/>
    public IEnumerable<string> Faults()
    {
        if (Keys is not ("auto" or "required" or "off"))
            yield return $"FLEXEDIT__Gateway__Keys is '{Keys}'; set it to 'auto', 'required' or 'off'.";
        foreach (var origin in CorsOrigins.Where(origin => origin != "*" && !IsOrigin(origin)))
            yield return $"FLEXEDIT__Gateway__CorsOrigins has '{origin}'; an origin is scheme, host and port, for instance https://app.example.org, or '*' for all.";
        if (PictureBytes is < 1024 or > 1024 * 1024 * 1024)
            yield return $"FLEXEDIT__Gateway__PictureBytes is {PictureBytes}; set it between 1024 and 1073741824.";
        if (PicturePixels is < 1 or > 500_000_000)
            yield return $"FLEXEDIT__Gateway__PicturePixels is {PicturePixels}; set it between 1 and 500000000.";
        if (PictureSide is < 1 or > 65_535)
            yield return $"FLEXEDIT__Gateway__PictureSide is {PictureSide}; set it between 1 and 65535.";
        if (TextBytes is < 16 * 1024 or > 64 * 1024 * 1024)
            yield return $"FLEXEDIT__Gateway__TextBytes is {TextBytes}; set it between 16384 and 67108864.";
        if (InstructionLength is < 1 or > 100_000)
            yield return $"FLEXEDIT__Gateway__InstructionLength is {InstructionLength}; set it between 1 and 100000.";
        if (BatchLines is < 1 or > 100_000)
            yield return $"FLEXEDIT__Gateway__BatchLines is {BatchLines}; set it between 1 and 100000.";
        if (BatchSlots is < 1 or > 64)
            yield return $"FLEXEDIT__Gateway__BatchSlots is {BatchSlots}; set it between 1 and 64.";
        foreach (var (name, value) in new[] { (nameof(SubmitTimeout), SubmitTimeout), (nameof(LongestWait), LongestWait), (nameof(FetchTimeout), FetchTimeout), (nameof(LongestEdit), LongestEdit), (nameof(BatchInterval), BatchInterval), (nameof(Heartbeat), Heartbeat), (nameof(Reread), Reread) })
        {
            if (value < TimeSpan.FromMilliseconds(10) || value > TimeSpan.FromMinutes(10))
                yield return $"FLEXEDIT__Gateway__{name} is {value}; set it between 00:00:00.010 and 00:10:00.";
        }

        if (TempFolder is not null && !Directory.Exists(TempFolder))
            yield return $"FLEXEDIT__Gateway__TempFolder is '{TempFolder}', which is no folder; make it or set another.";
    }

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme is "http" or "https") && url.GetLeftPart(UriPartial.Authority) == text;
}
