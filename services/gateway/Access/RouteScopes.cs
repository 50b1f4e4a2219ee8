using FlexEdit.Contracts.Keys;

namespace FlexEdit.Gateway.Access;

/// <summary>What a key has to be good for, by method and path: whatever is behind the path, here or in storage, is asked for it first.</summary>
internal static class RouteScopes
{
    // Who reads it can sign in this server's name.
    private const string DefaultSecret = "/v1/webhooks/default/secret";

    /// <summary>The scope that a request needs: <see cref="KeyScopes.Read"/> for what only reads, else <see cref="KeyScopes.Write"/>.</summary>
    public static string Of(string method, PathString path) =>
        (HttpMethods.IsGet(method) || HttpMethods.IsHead(method)) && !Is(path, DefaultSecret) ? KeyScopes.Read : KeyScopes.Write;

    // As routing reads it: in whatever case, with a slash at its end or without.
    private static bool Is(PathString path, string route) => string.Equals(path.Value?.TrimEnd('/'), route, StringComparison.OrdinalIgnoreCase);
}
