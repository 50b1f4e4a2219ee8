using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace FlexEdit.Platform.Outbound;

/// <summary>
/// Tells addresses of the public internet from those that only this machine, its network or its cloud reaches. Based on IANA's registries of
/// special-purpose addresses (RFC 6890 and what was added since); an IPv6 address that carries an IPv4 one (mapped, translated, NAT64, 6to4, Teredo) is judged by both.
/// </summary>
public static class TargetAddress
{
    private static readonly (IPNetwork Network, string What)[] Special =
    [
        (IPNetwork.Parse("0.0.0.0/8"), "this network"),
        (IPNetwork.Parse("10.0.0.0/8"), "private"),
        (IPNetwork.Parse("100.64.0.0/10"), "shared by a carrier"),
        (IPNetwork.Parse("127.0.0.0/8"), "loopback"),
        (IPNetwork.Parse("169.254.0.0/16"), "link-local or metadata"),
        (IPNetwork.Parse("172.16.0.0/12"), "private"),
        (IPNetwork.Parse("192.0.0.0/24"), "reserved for protocols"),
        (IPNetwork.Parse("192.0.2.0/24"), "for documentation"),
        (IPNetwork.Parse("192.88.99.0/24"), "a 6to4 relay"),
        (IPNetwork.Parse("192.168.0.0/16"), "private"),
        (IPNetwork.Parse("198.18.0.0/15"), "for benchmarks"),
        (IPNetwork.Parse("198.51.100.0/24"), "for documentation"),
        (IPNetwork.Parse("203.0.113.0/24"), "for documentation"),
        (IPNetwork.Parse("224.0.0.0/4"), "multicast"),
        (IPNetwork.Parse("240.0.0.0/4"), "reserved"),
    ];

    // Of IPv6 only 2000::/3 is given out; within it these are not for everybody.
    private static readonly IPNetwork Global = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");
    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");
    private static readonly IPNetwork Teredo = IPNetwork.Parse("2001::/32");
    private static readonly (IPNetwork Network, string What)[] Special6 =
    [
        (IPNetwork.Parse("2001::/23"), "reserved for protocols"),
        (IPNetwork.Parse("2001:db8::/32"), "for documentation"),
        (IPNetwork.Parse("3fff::/20"), "for documentation"),
    ];

    /// <summary>Why an address is not of the public internet; null where it is.</summary>
    public static string? WhyNotPublic(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetwork)
            return Find(Special, address);
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return "not an internet address";
        if (address.ScopeId != 0)
            return "bound to an interface";
        if (address.IsIPv4MappedToIPv6)
            return WhyNotPublic(address.MapToIPv4());
        var bytes = address.GetAddressBytes();
        if (Nat64.Contains(address))
            return WhyNotPublic(new IPAddress(bytes.AsSpan(12, 4)));
        // A tunnel leads to the IPv4 address inside, and the way through it is nobody's to check.
        if (SixToFour.Contains(address))
            return WhyNotPublic(new IPAddress(bytes.AsSpan(2, 4))) ?? "a 6to4 tunnel";
        if (Teredo.Contains(address))
            return WhyNotPublic(new IPAddress(~BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(12)))) ?? "a Teredo tunnel";
        if (!Global.Contains(address))
            return IPAddress.IsLoopback(address) ? "loopback" : address.IsIPv6Multicast ? "multicast" : "not global";
        return Find(Special6, address);
    }

    private static string? Find((IPNetwork Network, string What)[] list, IPAddress address)
    {
        foreach (var (network, what) in list)
        {
            if (network.Contains(address))
                return what;
        }
        return null;
    }
}
