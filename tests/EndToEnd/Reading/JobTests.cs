using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using FlexEdit.Contracts.Edits;
using FlexEdit.Tests.EndToEnd.Hosting;
using FlexEdit.Tests.EndToEnd.Pictures;
using FlexEdit.Tests.EndToEnd.Requests;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.EndToEnd.Reading;

[Collection(ServerCollection.Name)]
public sealed class JobTests(StandaloneServer server)
{
    private static readonly EditForm s_form = new() { Scene = Scenes.PhotographPng(), Shapes = Scenes.RingAt(160, 120, 40), Options = [("steps", "2")] };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_unchanged_job_is_not_sent_again()
    {
        var job = await server.Calls.RunAsync(s_form);
        using var first = await server.Http.GetAsync($"/v1/edits/{job.Id}", Cancellation);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/edits/{job.Id}") { Headers = { IfNoneMatch = { first.Headers.ETag! } } };

        using var again = await server.Http.SendAsync(request, Cancellation);

        again.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        (await again.Content.ReadAsByteArrayAsync(Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_long_poll_answers_with_every_change_and_no_later_than_the_end()
    {
        var job = await server.Calls.SubmitAsync(s_form);
        var sequences = new List<long>();
        while (!EditStatus.IsTerminal(job.Status))
        {
            var answer = await server.Http.GetFromJsonAsync<JsonElement>($"/v1/edits/{job.Id}?wait=30&after={job.Sequence}", Cancellation);
            sequences.Add(answer.GetProperty("sequence").GetInt64());
            job = await server.Calls.GetAsync(job.Id);
        }

        sequences.ShouldBe(sequences.Distinct().Order());
        job.Status.ShouldBe(EditStatus.Succeeded);
    }

    [Fact]
    public async Task Lists_edits_newest_first_in_pages()
    {
        using var client = server.Client();
        var ids = new List<string>();
        for (var i = 0; i < 3; i++)
            ids.Insert(0, (await server.Calls.RunAsync(s_form)).Id);

        var first = await client.ListAsync("succeeded", after: null, limit: 2, Cancellation);
        var second = await client.ListAsync("succeeded", first.Next, limit: 1, Cancellation);

        first.HasMore.ShouldBeTrue();
        first.Data.Concat(second.Data).Select(job => job.Id).ShouldBe(ids);
        (await client.ListAsync("expired", null, null, Cancellation)).Data.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("GET", "/v1/edits/edt_00000000000000000000000000", 404, "not_found")]
    [InlineData("GET", "/v1/edits/nonsense", 404, "not_found")]
    [InlineData("GET", "/v1/edits/edt_00000000000000000000000000/events", 404, "not_found")]
    [InlineData("GET", "/v1/edits/edt_00000000000000000000000000/outputs/0", 404, "not_found")]
    [InlineData("POST", "/v1/edits/edt_00000000000000000000000000/cancel", 404, "not_found")]
    [InlineData("GET", "/v1/models/no-such-model", 404, "not_found")]
    [InlineData("GET", "/v1/no-such-thing", 404, "not_found")]
    [InlineData("PUT", "/v1/models", 405, "method_not_allowed")]
    [InlineData("GET", "/v1/edits?limit=0", 400, "malformed")]
    [InlineData("GET", "/v1/edits?status=tired", 400, "malformed")]
    public async Task What_is_not_there_is_a_problem_document(string method, string path, int status, string code)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        using var answer = await server.Http.SendAsync(request, Cancellation);

        var problem = await EditCalls.ProblemOfAsync(answer);
        ((int)answer.StatusCode, problem.GetProperty("code").GetString()).ShouldBe((status, code), problem.ToString());
    }

    [Fact]
    public async Task A_deleted_edit_is_gone_with_its_pictures()
    {
        var job = await server.Calls.RunAsync(s_form);

        using var deleted = await server.Http.DeleteAsync($"/v1/edits/{job.Id}", Cancellation);

        deleted.IsSuccessStatusCode.ShouldBeTrue();
        foreach (var path in new[] { $"/v1/edits/{job.Id}", job.Outputs[0].Url, $"/v1/edits/{job.Id}/inputs/scene" })
        {
            using var answer = await server.Http.GetAsync(path, Cancellation);
            answer.StatusCode.ShouldBe(HttpStatusCode.NotFound, path);
        }
    }

    [Fact]
    public async Task The_default_model_shows_its_card()
    {
        var list = await server.Http.GetFromJsonAsync<JsonElement>("/v1/models", Cancellation);
        var card = await server.Http.GetFromJsonAsync<JsonElement>("/v1/models/flexedit-tiny", Cancellation);

        list.GetProperty("object").GetString().ShouldBe("list");
        list.GetProperty("data").EnumerateArray().Select(model => model.GetProperty("id").GetString()).ShouldContain("flexedit-tiny");
        card.GetProperty("method").GetString().ShouldBe("flexedit");
        card.GetProperty("resolution").GetInt32().ShouldBe(128);
        card.GetProperty("status").GetString().ShouldBe("ready");
        card.GetProperty("ranges").GetProperty("steps").GetArrayLength().ShouldBe(2);
    }

    [Theory]
    [InlineData("/healthz/live")]
    [InlineData("/healthz/ready")]
    [InlineData("/v1/limits")]
    [InlineData("/")]
    public async Task Answers_at(string path)
    {
        using var answer = await server.Http.GetAsync(path, Cancellation);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}
