using System.Net;
using FlexEdit.Contracts.Errors;
using FlexEdit.Gateway.Hosting;
using FlexEdit.Gateway.Uploads;
using FlexEdit.Platform.Outbound;
using FlexEdit.Platform.Problems;
using Microsoft.Extensions.Options;

namespace FlexEdit.Gateway.Pictures;

/// <summary>
/// Fetches a picture from a URL of a stranger's choosing, by the rules that webhooks go by: public addresses, https, checked in the step that connects.
/// Redirects are followed, a few, and each is judged as the first URL was: pictures often lie behind one, and a fetch without credentials or
/// body gives nothing away. What the server says is never passed on, and why it cannot be reached is not told apart: neither may teach
/// anybody about a network that they cannot reach themselves.
/// </summary>
internal sealed class FetchPicture(IOptions<GatewayOptions> options, TimeProvider time, HostResolver? resolver = null) : IDisposable
{
    private const int MostRedirects = 3;

    private readonly TargetRules _rules = options.Value.Targets;
    private readonly HttpClient _client = new(GuardedHttp.Create(options.Value.Targets, resolver)) { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Fetches a picture into <paramref name="folder"/>; nothing is known of it yet but its bytes.</summary>
    /// <param name="name">The field's name in errors.</param>
    /// <param name="url">As it was sent.</param>
    /// <param name="folder">Where it goes.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ProblemException">422 <c>invalid_url</c>: it is not fetched; 422 <c>url_fetch_failed</c>; 413: too large.</exception>
    public async Task<Upload> RunAsync(string name, string url, UploadFolder folder, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.Value.FetchTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        if (_rules.WhyRefused(url) is { } refused)
            throw new ProblemException(Problem.Unprocessable(ErrorCodes.InvalidUrl, $"{name}: {refused}", name));
        try
        {
            return await FollowAsync(name, new Uri(url), folder, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Failed(name, $"it took longer than {options.Value.FetchTimeout.TotalSeconds:0.##} s");
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            throw Failed(name, "its server is not on the public internet, cannot be reached, or broke off");
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<Upload> FollowAsync(string name, Uri target, UploadFolder folder, CancellationToken cancellationToken)
    {
        for (var redirects = 0; ; redirects++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, target);
            request.Headers.UserAgent.ParseAdd("FlexEdit/1.0");
            request.Headers.Accept.ParseAdd("image/*");
            request.Headers.AcceptEncoding.ParseAdd("identity");
            using var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (answer.StatusCode is HttpStatusCode.Moved or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect)
            {
                if (redirects == MostRedirects)
                    throw Failed(name, $"it redirects more than {MostRedirects} times");
                target = Next(name, target, answer.Headers.Location);
                continue;
            }
            if (answer.StatusCode != HttpStatusCode.OK)
                throw Failed(name, $"its server answers with {(int)answer.StatusCode}");
            if (answer.Content.Headers.ContentEncoding.Count > 0)
                throw Failed(name, "its server sends it compressed, which was not asked for");
            await using var content = await answer.Content.ReadAsStreamAsync(cancellationToken);
            return await UploadWriter.CopyAsync(content, folder.NewPath(), options.Value.PictureBytes, name, cancellationToken);
        }
    }

    private Uri Next(string name, Uri from, Uri? location) =>
        location is not null && Uri.TryCreate(from, location, out var next) && _rules.WhyRefused(next.AbsoluteUri) is null
            ? next
            : throw Failed(name, "it redirects to a URL that is not taken");

    private static ProblemException Failed(string name, string why) =>
        new(Problem.Unprocessable(ErrorCodes.UrlFetchFailed, $"{name}: the picture could not be fetched: {why}.", name));
}
