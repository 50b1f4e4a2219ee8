using FlexEdit.Contracts.Keys;

namespace FlexEdit.Gateway.Access;

/// <summary>What a key has to be good for, by method and path: whatever is behind the path, here or in storage, is asked for it first.</summary>
internal static class RouteScopes
{
    // Who reads it can sign in this server's name.
    private const string DefaultSecret = "/v1/webhooks/default/secret";

    /// <summary>The scope that a request needs: <see cref="KeyScopes.Read"/> for what only reads, else <see cref="KeyScopes.Write"/>.</summary>
    public static string Of(string method, PathString path) =>
        (HttpMethods.IsGet(method) || HttpMethods.IsHead(method)) && !path.Equals(DefaultSecret, StringComparison.OrdinalIgnoreCase) ? KeyScopes.Read : KeyScopes.Write;
}
