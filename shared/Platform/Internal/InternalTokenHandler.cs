using FlexEdit.Platform.Hosting;
using Microsoft.Extensions.Options;

namespace FlexEdit.Platform.Internal;

/// <summary>Puts the shared token that holds now on each request to another process of the installation.</summary>
internal sealed class InternalTokenHandler(IOptions<InternalOptions> options) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Remove(InternalTrust.TokenHeader);
        request.Headers.Add(InternalTrust.TokenHeader, options.Value.Tokens is [var token, ..]
            ? token
            : throw new StartupException("Set FLEXEDIT__Internal__Token to the token that the storage service was given."));
        return base.SendAsync(request, cancellationToken);
    }
}
