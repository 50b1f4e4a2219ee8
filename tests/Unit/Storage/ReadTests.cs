using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using FlexEdit.Contracts.Edits;
using FlexEdit.Contracts.Messages;
using FlexEdit.Storage.Reads;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Storage;

public sealed class ReadTests : IAsyncLifetime
{
    private readonly TestFolder _folder = new();
    private StorageServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await StorageServer.StartAsync(_folder);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Answers_304_to_a_reader_who_knows_the_job_already()
    {
        var id = await _server.SucceededAsync();
        using var first = await _server.Client.GetAsync($"/v1/edits/{id}", TestContext.Current.CancellationToken);
        using var again = new HttpRequestMessage(HttpMethod.Get, $"/v1/edits/{id}");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag.ShouldNotBeNull());

        using var second = await _server.Client.SendAsync(again, TestContext.Current.CancellationToken);

        (first.StatusCode, second.StatusCode).ShouldBe((HttpStatusCode.OK, HttpStatusCode.NotModified));
    }

    [Fact]
    public async Task Hides_the_edits_of_another_tenant_behind_404()
    {
        var id = await _server.SucceededAsync();
        using var other = _server.ClientOf("other");
        foreach (var path in new[] { "", "/outputs/0", "/outputs/0/edited-mask", "/full-mask", "/preview", "/inputs/scene" })
        {
            using var answer = await other.GetAsync($"/v1/edits/{id}{path}", TestContext.Current.CancellationToken);
            answer.StatusCode.ShouldBe(HttpStatusCode.NotFound, path);
            answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        }
        (await other.PostAsync($"/v1/edits/{id}/cancel", null, TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await other.DeleteAsync($"/v1/edits/{id}", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await other.GetFromJsonAsync<JsonElement>("/v1/edits", TestContext.Current.CancellationToken)).GetProperty("data").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Wakes_a_long_poll_at_the_next_change()
    {
        var id = await _server.SubmitAsync();

        var poll = _server.JobAsync($"/v1/edits/{id}?wait=60&after=1");
        poll.IsCompleted.ShouldBeFalse();
        await _server.ClaimedAsync(id);

        (await poll).GetProperty("sequence").GetInt64().ShouldBe(2);
    }

    [Fact]
    public async Task Answers_a_long_poll_at_once_where_nothing_can_change_or_something_has()
    {
        var ended = await _server.SucceededAsync();
        (await _server.JobAsync($"/v1/edits/{ended}?wait=60")).GetProperty("status").GetString().ShouldBe(EditStatus.Succeeded);

        var running = await _server.SubmitAsync();
        await _server.ClaimedAsync(running);
        (await _server.JobAsync($"/v1/edits/{running}?wait=60&after=1")).GetProperty("sequence").GetInt64().ShouldBe(2);
    }

    [Theory]
    [InlineData("/v1/edits/{0}?wait=61", "wait")]
    [InlineData("/v1/edits/{0}?wait=-1", "wait")]
    [InlineData("/v1/edits?limit=0", "limit")]
    [InlineData("/v1/edits?status=done", "status")]
    [InlineData("/v1/edits?after=17", "after")]
    public async Task Names_the_query_value_that_it_cannot_read(string path, string param)
    {
        var id = await _server.SubmitAsync();

        using var answer = await _server.Client.GetAsync(string.Format(null, path, id), TestContext.Current.CancellationToken);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("param").GetString().ShouldBe(param);
    }

    [Fact]
    public async Task Lists_newest_first_in_pages_that_neither_repeat_nor_skip()
    {
        var ids = new List<string>();
        for (var edits = 0; edits < 5; edits++)
            ids.Add(await _server.SubmitAsync());
        await _server.Client.PostAsync($"/v1/edits/{ids[1]}/cancel", null, TestContext.Current.CancellationToken);
        var seen = new List<string?>();
        string? next = null;
        do
        {
            var page = await _server.JobAsync($"/v1/edits?limit=2{(next is null ? "" : $"&after={next}")}");
            seen.AddRange(page.GetProperty("data").EnumerateArray().Select(job => job.GetProperty("id").GetString()));
            next = page.GetProperty("next").GetString();
            page.GetProperty("has_more").GetBoolean().ShouldBe(next is not null);
        }
        while (next is not null);

        seen.ShouldBe(ids.OrderDescending(StringComparer.Ordinal));
        (await _server.JobAsync("/v1/edits?status=canceled,failed")).GetProperty("data").EnumerateArray().ShouldHaveSingleItem()
            .GetProperty("id").GetString().ShouldBe(ids[1]);
    }

    [Fact]
    public async Task Serves_a_result_whole_in_parts_and_not_again()
    {
        var id = await _server.SucceededAsync();
        using var whole = await _server.Client.GetAsync($"/v1/edits/{id}/outputs/0", TestContext.Current.CancellationToken);
        (await whole.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).ShouldBe([1, 2, 3, 4, 5, 6, 7, 8]);
        whole.Content.Headers.ContentType!.MediaType.ShouldBe("image/png");
        whole.Headers.CacheControl!.Private.ShouldBeTrue();
        whole.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        whole.Headers.ETag!.Tag.ShouldBe("\"f00d\"");

        using var part = new HttpRequestMessage(HttpMethod.Get, $"/v1/edits/{id}/outputs/0");
        part.Headers.Range = new RangeHeaderValue(2, 4);
        using var partly = await _server.Client.SendAsync(part, TestContext.Current.CancellationToken);
        partly.StatusCode.ShouldBe(HttpStatusCode.PartialContent);
        (await partly.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).ShouldBe([3, 4, 5]);

        using var known = new HttpRequestMessage(HttpMethod.Get, $"/v1/edits/{id}/outputs/0");
        known.Headers.IfNoneMatch.Add(whole.Headers.ETag);
        (await _server.Client.SendAsync(known, TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.NotModified);
        (await _server.Client.GetAsync($"/v1/edits/{id}/outputs/1", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Cancels_and_deletes_as_the_contract_says()
    {
        var id = await _server.SubmitAsync();
        (await _server.Client.DeleteAsync($"/v1/edits/{id}", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.Conflict);

        using var canceled = await _server.Client.PostAsync($"/v1/edits/{id}/cancel", null, TestContext.Current.CancellationToken);
        (await canceled.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("status").GetString().ShouldBe("canceled");
        (await _server.Client.DeleteAsync($"/v1/edits/{id}", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await _server.Client.GetAsync($"/v1/edits/{id}", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Shows_the_newest_progress_of_the_live_attempt()
    {
        var id = await _server.SubmitAsync();
        var attempt = await _server.ClaimedAsync(id);
        await _server.PublishAsync(new EditProgressed { EditId = id, Attempt = attempt.Attempt, Output = 0, Step = 4, Steps = 20, PreviewKey = Samples.Output(id).Key });
        var board = _server.Get<ProgressBoard>();
        SpinWait.SpinUntil(() => board.Of(id) is not null, TimeSpan.FromSeconds(30)).ShouldBeTrue();

        var progress = (await _server.JobAsync($"/v1/edits/{id}")).GetProperty("progress");

        progress.GetRawText().ShouldBe($$"""{"step":4,"steps":20,"output":0,"preview":"/v1/edits/{{id}}/preview"}""");
    }

    [Fact]
    public async Task Says_that_it_is_ready()
    {
        using var ready = await _server.Client.GetAsync("/healthz/ready", TestContext.Current.CancellationToken);

        ready.StatusCode.ShouldBe(HttpStatusCode.OK, await ready.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Answers_no_request_without_the_installations_token()
    {
        using var stranger = new HttpClient { BaseAddress = _server.Address };
        stranger.DefaultRequestHeaders.Add("X-FlexEdit-Tenant", StorageUnderTest.Tenant);

        (await stranger.GetAsync("/v1/edits", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await stranger.PostAsJsonAsync("/internal/attempts/heartbeat", new { }, TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }
}
