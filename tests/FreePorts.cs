using System.Net;
using System.Net.Sockets;

namespace FlexEdit.Tests;

/// <summary>
/// Ports for servers that are told theirs: below the range from which the system takes ports for outgoing connections, one of which could have the
/// port before the server that it is meant for.
/// </summary>
internal static class FreePorts
{
    private const int First = 10_000;
    private const int Count = 10_000;
    private static int s_last = Environment.ProcessId * 97;

    /// <summary>A port that nothing listens on at this moment, given out once.</summary>
    public static int Next()
    {
        while (true)
        {
            var port = First + ((Interlocked.Increment(ref s_last) & int.MaxValue) % Count);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody else's.
            }
        }
    }
}
