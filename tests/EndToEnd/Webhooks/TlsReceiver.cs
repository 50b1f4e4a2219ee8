using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace FlexEdit.Tests.EndToEnd.Webhooks;

/// <summary>A certificate authority that nobody else trusts.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _root;

    public TestAuthority()
    {
        var request = new CertificateRequest("CN=FlexEdit tests", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        _root = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-30), TimeProvider.System.GetUtcNow().AddDays(30));
    }

    public string Pem => _root.ExportCertificatePem();

    /// <summary>A server's certificate for a name, good until a time; signed by itself where it is not this authority's.</summary>
    public X509Certificate2 Issue(string host, TimeSpan goodFor, bool selfSigned = false)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        var (from, until) = (TimeProvider.System.GetUtcNow().AddDays(-20), TimeProvider.System.GetUtcNow() + goodFor);
        using var certificate = selfSigned ? request.CreateSelfSigned(from, until) : request.Create(_root, from, until, RandomNumberGenerator.GetBytes(8)).CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }

    public void Dispose()
    {
        _root.Dispose();
        _key.Dispose();
    }
}

/// <summary>An HTTPS server on a loopback port that answers 200, and counts what got as far as a request.</summary>
internal sealed class TlsReceiver : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly X509Certificate2 _certificate;
    private readonly Task _serving;
    private int _requests;

    public TlsReceiver(X509Certificate2 certificate)
    {
        _certificate = certificate;
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Url => $"https://localhost:{((IPEndPoint)_listener.LocalEndpoint).Port}/hook";

    public int Requests => _requests;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _serving;
        _listener.Dispose();
        _certificate.Dispose();
        _end.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var socket = await _listener.AcceptTcpClientAsync(_end.Token);
                await OneAsync(socket);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task OneAsync(TcpClient socket)
    {
        try
        {
            await using var tls = new SslStream(socket.GetStream());
            await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _end.Token);
            if (await tls.ReadAsync(new byte[16384], _end.Token) == 0)
                return;
            _requests++;
            await tls.WriteAsync("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"u8.ToArray(), _end.Token);
            await tls.ShutdownAsync();
        }
        catch (Exception refused) when (refused is IOException or AuthenticationException)
        {
        }
    }
}
