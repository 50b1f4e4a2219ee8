using System.Net.Http.Headers;
using FlexEdit.Contracts.Keys;
using FlexEdit.Storage.Keys;
using FlexEdit.Tests.Unit.Gateway.Running;
using Microsoft.Extensions.DependencyInjection;

namespace FlexEdit.Tests.Unit.Gateway.Access;

/// <summary>A server that asks for keys.</summary>
public class KeyedServer : GatewayServer
{
    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["FlexEdit:Gateway:Keys"] = "required",
        ["FlexEdit:Limits:RequestsPerMinute"] = "0",
    };

    /// <summary>A client with a new key of a tenant.</summary>
    internal async Task<HttpClient> ClientOfAsync(string tenant, params string[] scopes)
    {
        var key = await Services.GetRequiredService<KeyRegister>().CreateAsync(
            new CreateKey { Tenant = tenant, Scopes = scopes.Length == 0 ? [KeyScopes.Write, KeyScopes.Read] : scopes }, CancellationToken.None);
        var client = new HttpClient { BaseAddress = Client.BaseAddress };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key.Key);
        return client;
    }
}
