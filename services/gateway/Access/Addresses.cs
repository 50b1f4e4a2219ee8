using System.Net;

namespace FlexEdit.Gateway.Access;

/// <summary>Tells addresses that only this machine reaches from those that others do.</summary>
internal static class Addresses
{
    /// <summary>Whether only this machine reaches a listening address such as <c>http://127.0.0.1:8080</c>.</summary>
    public static bool IsLocal(string address)
    {
        if (address.Contains("://unix:", StringComparison.OrdinalIgnoreCase))
            return true;
        // 'http://*:80' and 'http://+:80', every interface, are no URLs.
        return Uri.TryCreate(address, UriKind.Absolute, out var url)
            && (url.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
                || (IPAddress.TryParse(url.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip)));
    }

    /// <summary>The addresses that the configuration asks for, before anything listens.</summary>
    public static IEnumerable<string> Configured(IConfiguration configuration)
    {
        var urls = (configuration["urls"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint["Url"]).OfType<string>().ToArray();
        if (urls.Length + endpoints.Length > 0)
            return endpoints.Length > 0 ? endpoints : urls;
        return new[] { ("http", "http_ports"), ("https", "https_ports") }.SelectMany(scheme =>
            (configuration[scheme.Item2] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(port => $"{scheme.Item1}://*:{port}"));
    }
}
