using FlexEdit.Platform.Hosting;
using FlexEdit.Platform.Outbound;
using FlexEdit.Platform.Secrets;

namespace FlexEdit.Storage.Webhooks.Hosting;

/// <summary>Section <c>Webhooks</c>.</summary>
public sealed class WebhookOptions : ISettings
{
    /// <summary>Name of the section under <c>FlexEdit</c>.</summary>
    public const string Section = "Webhooks";

    private const int MostKeys = 4;

    /// <summary>Allow private addresses, any port and http: for development.</summary>
    public bool AllowPrivateTargets { get; set; }

    /// <summary>Most messages under way to one endpoint from one storage process, 1 to 100.</summary>
    public int Concurrency { get; set; } = 4;

    /// <summary>Most messages under way from one storage process, 1 to 10000. Keep it well above <see cref="Concurrency"/> times the endpoints that may hang at once.</summary>
    public int InFlight { get; set; } = 1024;

    /// <summary>Time for one attempt, from connecting to the end of the answer, 1 s to 30 s.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>When a message whose sender has died is sent by another process, 40 s to 1 h.</summary>
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How often due messages are looked for without being rung for, 10 ms to 1 min.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>After how long of nothing but failures an endpoint is disabled, 1 min to 365 d.</summary>
    public TimeSpan DisableAfter { get; set; } = TimeSpan.FromDays(5);

    /// <summary>How long messages are also signed with the old secret after a rotation, 0 to 30 d.</summary>
    public TimeSpan RotationOverlap { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How long messages and the log of their deliveries are kept, 4 d (longer than the schedule) to 3650 d.</summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Most endpoints of a tenant, 1 to 1000.</summary>
    public int PerTenant { get; set; } = 50;

    /// <summary>
    /// Ed25519 keys (<c>whsk_</c> and the base64 of 32 bytes) that sign every message too, as <c>v1a</c>; their public halves are at
    /// <c>/.well-known/jwks.json</c>. <c>FLEXEDIT__Webhooks__SigningKeys__0</c>. At most four.
    /// </summary>
    public List<string> SigningKeys { get; } = [];

    /// <summary>A file with such keys, one a line, in the place of <see cref="SigningKeys"/>. Read again while the process runs.</summary>
    public string? SigningKeysFile { get; set; }

    /// <summary>The targets that are allowed.</summary>
    internal TargetRules Rules => AllowPrivateTargets ? TargetRules.AlsoPrivate : TargetRules.Public;

    /// <inheritdoc/>
    public IEnumerable<string> Faults()
    {
        foreach (var (name, value, most) in new[] { (nameof(Concurrency), Concurrency, 100), (nameof(InFlight), InFlight, 10_000), (nameof(PerTenant), PerTenant, 1000) })
        {
            if (value < 1 || value > most)
                yield return $"FLEXEDIT__Webhooks__{name} is {value}; set it between 1 and {most}.";
        }
        foreach (var fault in Secret.Faults("FLEXEDIT__Webhooks__SigningKeys", SigningKeys.FirstOrDefault(), SigningKeysFile))
            yield return fault;
        if (SigningKeysFile is { Length: > 0 } && new Secret(null, SigningKeysFile, TimeProvider.System).Lines is var lines && (lines.Count > MostKeys || lines.Any(line => Delivering.SigningKeys.Read(line) is null)))
            yield return $"FLEXEDIT__Webhooks__SigningKeysFile has something else than one to {MostKeys} Ed25519 keys, one a line: whsk_ and the base64 of their 32 bytes.";
        for (var i = 0; i < SigningKeys.Count; i++)
        {
            if (Delivering.SigningKeys.Read(SigningKeys[i]) is null)
                yield return $"FLEXEDIT__Webhooks__SigningKeys__{i} is no Ed25519 key; set it to whsk_ and the base64 of its 32 bytes (or of its 64 with the public half).";
        }
        if (SigningKeys.Count > MostKeys)
            yield return $"FLEXEDIT__Webhooks__SigningKeys has {SigningKeys.Count} keys; set at most {MostKeys}.";
        var second = TimeSpan.FromSeconds(1);
        (string Name, TimeSpan Value, TimeSpan Least, TimeSpan Most)[] spans =
        [
            (nameof(Timeout), Timeout, second, 30 * second),
            (nameof(Lease), Lease, 40 * second, TimeSpan.FromHours(1)),
            (nameof(Interval), Interval, TimeSpan.FromMilliseconds(10), 60 * second),
            (nameof(DisableAfter), DisableAfter, 60 * second, TimeSpan.FromDays(365)),
            (nameof(RotationOverlap), RotationOverlap, TimeSpan.Zero, TimeSpan.FromDays(30)),
            (nameof(Retention), Retention, TimeSpan.FromDays(4), TimeSpan.FromDays(3650)),
        ];
        foreach (var (name, value, least, most) in spans)
        {
            if (value < least || value > most)
                yield return $"FLEXEDIT__Webhooks__{name} is {value}; set it between {least} and {most}.";
        }
    }
}
