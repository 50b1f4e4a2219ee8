using FlexEdit.Platform.Secrets;

namespace FlexEdit.Platform.Objects.S3;

/// <summary>Section <c>Objects:S3</c>: the bucket and how patient we are with its server.</summary>
public sealed class S3Options
{
    private const string Prefix = "FLEXEDIT__Objects__S3__";

    /// <summary>Address of the server, such as <c>http://minio:9000</c>.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>Address under which clients reach the same server; downloads are redirected there. The endpoint when unset.</summary>
    public Uri? PublicEndpoint { get; set; }

    /// <summary>Access key.</summary>
    public string? AccessKey { get; set; }

    /// <summary>Secret key.</summary>
    public string? SecretKey { get; set; }

    /// <summary>A file with the access key, in the place of <see cref="AccessKey"/>. Read again while the process runs.</summary>
    public string? AccessKeyFile { get; set; }

    /// <summary>A file with the secret key, in the place of <see cref="SecretKey"/>. Read again while the process runs.</summary>
    public string? SecretKeyFile { get; set; }

    /// <summary>Whether the keys may change while the process runs.</summary>
    internal bool KeysMayChange => AccessKeyFile is { Length: > 0 } || SecretKeyFile is { Length: > 0 };

    /// <summary>The bucket; made when it is missing.</summary>
    public string Bucket { get; set; } = "flexedit";

    /// <summary>Region that requests are signed for.</summary>
    public string Region { get; set; } = "us-east-1";

    /// <summary>How often a call that failed for the moment is repeated, 0 to 10.</summary>
    public int Retries { get; set; } = 4;

    /// <summary>How long a transfer may stand still before it is given up and repeated, 100 ms to 10 min.</summary>
    public TimeSpan StallTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest time for one operation with all its repetitions, 100 ms to 1 h.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a link to a download is good for, 1 s to 7 d.</summary>
    public TimeSpan LinkLifetime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Whether an ETag of 32 hexadecimal digits is the MD5 of the object. False for stores that encrypt with keys of a key service.</summary>
    public bool EtagIsMd5 { get; set; } = true;

    /// <summary>Every fault, one sentence each.</summary>
    public IEnumerable<string> Faults()
    {
        if (Endpoint is null)
            yield return $"Set {Prefix}Endpoint to the address of the S3 server, for instance http://minio:9000.";
        foreach (var (name, address) in new[] { (nameof(Endpoint), Endpoint), (nameof(PublicEndpoint), PublicEndpoint) })
        {
            if (address is not null && !(address.IsAbsoluteUri && address.Scheme is "http" or "https" && address.AbsolutePath == "/"))
                yield return $"{Prefix}{name} is '{address}'; set it to an http or https address without a path.";
        }
        foreach (var fault in Secret.Faults($"{Prefix}{nameof(AccessKey)}", AccessKey, AccessKeyFile).Concat(Secret.Faults($"{Prefix}{nameof(SecretKey)}", SecretKey, SecretKeyFile)))
            yield return fault;
        if (string.IsNullOrWhiteSpace(AccessKey) && string.IsNullOrEmpty(AccessKeyFile))
            yield return $"Set {Prefix}AccessKey to the access key of the S3 server.";
        if (string.IsNullOrWhiteSpace(SecretKey) && string.IsNullOrEmpty(SecretKeyFile))
            yield return $"Set {Prefix}SecretKey to the secret key of the S3 server.";
        if (!IsBucketName(Bucket))
            yield return $"{Prefix}Bucket is '{Bucket}'; set it to 3 to 63 characters of a-z, 0-9 and '-'.";
        if (string.IsNullOrWhiteSpace(Region))
            yield return $"Set {Prefix}Region to the region that requests are signed for, for instance us-east-1.";
        if (Retries is < 0 or > 10)
            yield return $"{Prefix}Retries is {Retries}; set it between 0 and 10.";
        var least = TimeSpan.FromMilliseconds(100);
        (string Name, TimeSpan Value, TimeSpan Least, TimeSpan Most)[] spans =
        [
            (nameof(StallTimeout), StallTimeout, least, TimeSpan.FromMinutes(10)),
            (nameof(Timeout), Timeout, least, TimeSpan.FromHours(1)),
            (nameof(LinkLifetime), LinkLifetime, TimeSpan.FromSeconds(1), TimeSpan.FromDays(7)),
        ];
        foreach (var (name, value, low, high) in spans)
        {
            if (value < low || value > high)
                yield return $"{Prefix}{name} is {value}; set it between {low} and {high}.";
        }
    }

    private static bool IsBucketName(string name) =>
        name.Length is >= 3 and <= 63 && name.All(c => c is >= 'a' and <= 'z' or >= '0' and <= '9' or '-') && name[0] != '-' && name[^1] != '-';
}
