using FlexEdit.Platform.Secrets;
using Minio;

namespace FlexEdit.Platform.Objects.S3;

/// <summary>The library's clients, made anew when the keys in their files have changed; a call that is under way keeps the one that it has.</summary>
internal sealed class S3Clients(S3Options options, HttpMessageHandler connections, TimeProvider time)
{
    private readonly Secret _access = new(options.AccessKey, options.AccessKeyFile, time);
    private readonly Secret _secret = new(options.SecretKey, options.SecretKeyFile, time);
    private volatile Pair? _made;

    /// <summary>For the server's own address.</summary>
    public IMinioClient Own => Now().Own;

    /// <summary>For links that clients get.</summary>
    public IMinioClient Public => Now().Public;

    private Pair Now()
    {
        var (access, secret) = (_access.Current ?? "", _secret.Current ?? "");
        if (_made is { } made && made.Access == access && made.Secret == secret)
            return made;
        var own = ClientFor(options.Endpoint!, access, secret);
        return _made = new Pair(access, secret, own, options.PublicEndpoint is { } address ? ClientFor(address, access, secret) : own);
    }

    // The library sets up the HTTP client that it is given, so that each has one of its own; the connections are common. There is nothing to dispose.
    private IMinioClient ClientFor(Uri endpoint, string access, string secret) => new MinioClient()
        .WithEndpoint(endpoint.Authority)
        .WithSSL(endpoint.Scheme == Uri.UriSchemeHttps)
        .WithCredentials(access, secret)
        .WithRegion(options.Region)
        .WithHttpClient(new HttpClient(connections, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan }, disposeHttpClient: false)
        .Build();

    // No record, whose text would show the keys.
    private sealed class Pair(string access, string secret, IMinioClient own, IMinioClient @public)
    {
        public string Access => access;

        public string Secret => secret;

        public IMinioClient Own => own;

        public IMinioClient Public => @public;
    }
}
