using FlexEdit.Platform.Hosting;
using FlexEdit.Platform.Internal;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace FlexEdit.Platform.Links;

/// <summary>Registers what gives out addresses.</summary>
public static class LinkServices
{
    /// <summary>Adds <see cref="LinksOptions"/> and <see cref="LinkSigner"/>.</summary>
    public static IServiceCollection AddLinks(this IServiceCollection services)
    {
        services.AddSettings<LinksOptions>(LinksOptions.Section);
        services.AddSettings<InternalOptions>(InternalOptions.Section);
        services.TryAddSingleton<LinkSigner>();
        return services;
    }

    /// <summary>Where the client of a request reaches the server, without a slash at the end.</summary>
    public static string ServerOf(this LinksOptions options, HttpRequest request) =>
        options.PublicUrl?.AbsoluteUri.TrimEnd('/') ?? $"{request.Scheme}://{request.Host}{request.PathBase}";
}
