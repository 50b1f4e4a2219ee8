using System.Net;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Text.Json;
using FlexEdit.Cli.Api;
using FlexEdit.Contracts;
using FlexEdit.Contracts.Edits;
using FlexEdit.Imaging.Decoding;
using FlexEdit.Imaging.Pixels;
using FlexEdit.Tests.EndToEnd.Hosting;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.EndToEnd.Requests;

/// <summary>The calls that nearly every test makes.</summary>
internal sealed class EditCalls(ServerProcess server)
{
    private const int PollSeconds = 20;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Submits an edit that has to be accepted; a server that is slow just after its start may ask to come again, as it may ask any client.</summary>
    public async Task<EditJob> SubmitAsync(EditForm form)
    {
        for (var tries = 1; ; tries++)
        {
            using var answer = await PostAsync(form);
            if (tries < 5 && answer is { StatusCode: HttpStatusCode.ServiceUnavailable, Headers.RetryAfter.Delta: { } wait })
            {
                await Task.Delay(wait, Cancellation);
                continue;
            }
            var text = await answer.Content.ReadAsStringAsync(Cancellation);
            ((int)answer.StatusCode).ShouldBe(202, text);
            return Parse(text);
        }
    }

    public Task<HttpResponseMessage> PostAsync(EditForm form) =>
        server.Http.PostAsync("/v1/edits", form.ToMultipart(), Cancellation);

    public async Task<EditJob> GetAsync(string id) =>
        Parse(await server.Http.GetStringAsync($"/v1/edits/{id}", Cancellation));

    /// <summary>Long-polls until the edit has ended.</summary>
    public async Task<EditJob> EndOfAsync(string id)
    {
        var job = await GetAsync(id);
        while (!EditStatus.IsTerminal(job.Status))
            job = Parse(await server.Http.GetStringAsync($"/v1/edits/{id}?wait={PollSeconds}&after={job.Sequence}", Cancellation));
        return job;
    }

    /// <summary>Submits an edit that has to succeed.</summary>
    public async Task<EditJob> RunAsync(EditForm form)
    {
        var job = await EndOfAsync((await SubmitAsync(form)).Id);
        job.Status.ShouldBe(EditStatus.Succeeded, $"{job.Error}\n{server.Log}");
        return job;
    }

    public Task<byte[]> DownloadAsync(string url) => server.Http.GetByteArrayAsync(url, Cancellation);

    /// <summary>A stored picture, decoded.</summary>
    public async Task<RgbaImage> PictureAsync(string url) => PictureDecoder.Decode(await DownloadAsync(url)).Pixels;

    /// <summary>The events of an edit until the stream ends or the caller stops listening.</summary>
    public async IAsyncEnumerable<SseItem<string>> EventsAsync(string id, string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/edits/{id}/events");
        if (lastEventId is not null)
            request.Headers.Add("Last-Event-ID", lastEventId);
        using var answer = await server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        answer.EnsureSuccessStatusCode();
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        await using var stream = await answer.Content.ReadAsStreamAsync(Cancellation);
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(Cancellation))
            yield return item;
    }

    /// <summary>An answer that has to be a problem document.</summary>
    public static async Task<JsonElement> ProblemOfAsync(HttpResponseMessage answer)
    {
        answer.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json");
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        problem.GetProperty("status").GetInt32().ShouldBe((int)answer.StatusCode);
        problem.GetProperty("title").GetString().ShouldNotBeNullOrEmpty();
        problem.GetProperty("type").GetString().ShouldNotBeNullOrEmpty();
        problem.GetProperty("detail").GetString().ShouldNotBeNullOrEmpty();
        problem.GetProperty("request_id").GetString().ShouldNotBeNullOrEmpty();
        return problem;
    }

    private static EditJob Parse(string json) => JsonSerializer.Deserialize<EditJob>(json, ContractJson.Options)!;
}
