using System.Net;
using System.Net.Sockets;

namespace FlexEdit.Platform.Outbound;

/// <summary>Resolves a host's name to addresses.</summary>
/// <param name="host">The name, in ASCII.</param>
/// <param name="cancellationToken">Stops waiting.</param>
public delegate Task<IPAddress[]> HostResolver(string host, CancellationToken cancellationToken);

/// <summary>A target was refused; nothing was sent. The message is a sentence that may be shown to whoever named the target.</summary>
public sealed class TargetRefusedException(string message) : Exception(message);

/// <summary>
/// HTTP to targets that strangers name. The address is checked in the step that connects, for each address that is tried, so that the address checked is the one dialled
/// and a name that changes its answer gains nothing. No proxy of the environment, no redirects, no cookies, no decompression.
/// </summary>
public static class GuardedHttp
{
    // Connections are kept shortly, so that a name that moved is looked up again.
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(1);
    private const int HeaderKibibytes = 32;

    /// <summary>A handler that connects only where the rules allow it.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="resolver">How names are resolved; null for the system's way.</param>
    /// <param name="connectTimeout">Longest time for one connection, all its addresses together.</param>
    public static SocketsHttpHandler Create(TargetRules rules, HostResolver? resolver = null, TimeSpan? connectTimeout = null) => new()
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = connectTimeout ?? TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = KeptFor,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(20),
        MaxResponseHeadersLength = HeaderKibibytes,
        ConnectCallback = async (context, cancellationToken) => await ConnectAsync(
            context.DnsEndPoint, rules, resolver ?? Dns.GetHostAddressesAsync, cancellationToken),
    };

    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint target, TargetRules rules, HostResolver resolver, CancellationToken cancellationToken)
    {
        var addresses = IPAddress.TryParse(target.Host.Trim('[', ']'), out var literal) ? [literal] : await resolver(target.Host, cancellationToken);
        string? refusal = null;
        Exception? failure = null;
        foreach (var address in addresses)
        {
            if (rules.WhyRefused(address) is { } reason)
            {
                refusal = reason;
                continue;
            }
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, target.Port), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (Exception error)
            {
                socket.Dispose();
                if (error is not SocketException)
                    throw;
                failure = error;
            }
        }
        throw failure ?? (refusal is null ? new SocketException((int)SocketError.HostNotFound) : new TargetRefusedException(refusal));
    }
}
