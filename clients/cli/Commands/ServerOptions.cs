using System.CommandLine;
using System.Net.Http.Headers;
using FlexEdit.Cli.Api;

namespace FlexEdit.Cli.Commands;

/// <summary>The options that say which server is meant; every command has them.</summary>
public sealed class ServerOptions
{
    private const string DefaultServer = "http://127.0.0.1:8080";

    /// <summary><c>--server</c>.</summary>
    public Option<string> Server { get; } = new("--server")
    {
        Description = "Address of the server; FLEXEDIT_SERVER sets another default",
        HelpName = "URL",
        Recursive = true,
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("FLEXEDIT_SERVER") is { Length: > 0 } url ? url : DefaultServer,
    };

    /// <summary><c>--api-key</c>.</summary>
    public Option<string?> ApiKey { get; } = new("--api-key")
    {
        Description = "API key, better given by FLEXEDIT_API_KEY; a server on a loopback address needs none",
        HelpName = "KEY",
        Recursive = true,
    };

    /// <summary>Makes both options known, and refuses an address that is none.</summary>
    public void AddTo(Command command)
    {
        Server.Validators.Add(result =>
        {
            if (!IsAddress(result.GetValueOrDefault<string>()))
                result.AddError("--server wants an address such as http://127.0.0.1:8080.");
        });
        command.Options.Add(Server);
        command.Options.Add(ApiKey);
    }

    /// <summary>A client of the chosen server.</summary>
    public FlexEditClient Open(ParseResult parsed) => new(new Uri(parsed.GetRequiredValue(Server)), KeyOf(parsed));

    /// <summary>The chosen server, for what is not this API; the caller disposes of it.</summary>
    public HttpClient Http(ParseResult parsed)
    {
        var http = new HttpClient { BaseAddress = new Uri(parsed.GetRequiredValue(Server)), Timeout = Timeout.InfiniteTimeSpan };
        if (KeyOf(parsed) is { Length: > 0 } key)
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return http;
    }

    private string? KeyOf(ParseResult parsed) => parsed.GetValue(ApiKey) ?? Environment.GetEnvironmentVariable("FLEXEDIT_API_KEY");

    private static bool IsAddress(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps);
}
