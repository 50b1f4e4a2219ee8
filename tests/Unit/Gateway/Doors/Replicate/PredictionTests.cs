using System.Text.Json.Nodes;
using FlexEdit.Tests.Unit.Gateway.Running;
using Shouldly;
using Xunit;
using static FlexEdit.Tests.Unit.Gateway.Doors.Replicate.PredictionCalls;

namespace FlexEdit.Tests.Unit.Gateway.Doors.Replicate;

/// <summary>An edit as a prediction: made, waited for, read, listed, canceled.</summary>
public class PredictionTests(DoorServer server) : IClassFixture<DoorServer>
{
    private readonly ScriptedWorker _worker = new(server);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Is_one_job_with_the_edit_from_its_start_to_its_results()
    {
        var prompt = Words();
        using var made = await server.Client.PredictAsync(Input(prompt, ("seed", 5), ("num_outputs", 2), ("num_inference_steps", 20), ("subject", DataUri(Pictures.Scene(20, 30))), ("output_format", "png")));
        var begun = await made.BodyAsync();
        var id = (string)begun["id"]!;

        made.StatusCode.ShouldBe(201);
        made.Headers.Location!.OriginalString.ShouldBe($"/v1/predictions/{id}");
        ((string)begun["status"]!, (string)begun["model"]!, (string)begun["logs"]!, (string)begun["source"]!, begun["output"]).ShouldBe(("starting", $"flexedit/{Cards.Model}", "", "api", null));
        begun.ContainsKey("webhook").ShouldBeFalse();
        begun["metrics"]!.AsObject().ShouldBeEmpty();
        var address = server.Client.BaseAddress!.AbsoluteUri.TrimEnd('/');
        ((string)begun["urls"]!["get"]!, (string)begun["urls"]!["cancel"]!).ShouldBe(($"{address}/v1/predictions/{id}", $"{address}/v1/predictions/{id}/cancel"));
        var version = (string)begun["version"]!;
        version.ShouldMatch("^[0-9a-f]{64}$");

        var attempt = await _worker.PaintingAsync(id);
        await _worker.ProgressAsync(attempt, output: 0, step: 8, steps: 20, [9]);
        var running = await UntilAsync(id, prediction => ((string)prediction["logs"]!).Contains("8/20", StringComparison.Ordinal));
        (string.Join('|', ((string)running["logs"]!).Split('\n')), (string)running["status"]!)
            .ShouldBe(("Using seed: 5|The masks mean \"chair\".| 40%|████      | 8/20", "processing"));

        await _worker.FinishAsync(attempt, [1, 2, 3], [4, 5, 6, 7]);
        var ended = await server.Client.PredictionAsync(id);
        // Replicate's clients take an address of a server without TLS for no file.
        ended["output"]!.AsArray().Select(one => (string)one!).ShouldBe(["data:image/png;base64,AQID", "data:image/png;base64,BAUGBw=="]);
        ((string)ended["status"]!, (string)ended["version"]!, (string?)ended["error"], (bool)ended["data_removed"]!).ShouldBe(("succeeded", version, null, false));
        ((double)ended["metrics"]!["total_time"]!).ShouldBeGreaterThan(0);
        ((string)ended["logs"]!).ShouldEndWith("100%|██████████| 20/20");
        var input = ended["input"]!;
        ((string)input["prompt"]!, (int)input["num_outputs"]!, (long)input["seed"]!, (int)input["num_inference_steps"]!).ShouldBe((prompt, 2, 5, 20));
        foreach (var (name, height) in new[] { ("image", Pictures.Height), ("subject", 30) })
        {
            var file = new Uri((string)input[name]!).AbsolutePath;
            ((int)JsonNode.Parse(await server.Client.GetStringAsync(file.Replace("/v1/files/", "/v1/assets/", StringComparison.Ordinal), Token))!["height"]!).ShouldBe(height);
        }
        var job = JsonNode.Parse(await server.Client.GetStringAsync($"/v1/edits/{id}", Token))!;
        ((string)job["status"]!, (string)job["instruction"]!).ShouldBe(("succeeded", prompt));
    }

    [Fact]
    public async Task Whoever_waits_gets_the_results_as_they_come()
    {
        var prompt = Words();
        var asked = server.Client.PredictAsync(Input(prompt), headers: ("Prefer", "wait"));
        await _worker.FinishAsync(await _worker.PaintingAsync(await _worker.EditAsync(prompt)), [1, 2, 3]);

        using var answer = await asked;

        answer.StatusCode.ShouldBe(201);
        answer.Headers.GetValues("Preference-Applied").ShouldBe(["wait=60"]);
        var prediction = await answer.BodyAsync();
        ((string)prediction["status"]!, (string)prediction["output"]![0]!).ShouldBe(("succeeded", "data:image/png;base64,AQID"));
    }

    [Fact]
    public async Task Whoever_waits_in_vain_is_told_that_it_is_starting_so_that_clients_go_on_to_ask()
    {
        var prompt = Words();
        var asked = server.Client.PredictAsync(Input(prompt), headers: ("Prefer", "wait=1"));
        var id = await _worker.EditAsync(prompt);
        await _worker.PaintingAsync(id);

        using var answer = await asked;

        answer.StatusCode.ShouldBe(202);
        ((string)(await answer.BodyAsync())["status"]!).ShouldBe("starting");
        ((string)(await server.Client.PredictionAsync(id))["status"]!).ShouldBe("processing");
    }

    [Fact]
    public async Task A_version_may_be_named_in_every_way_that_clients_name_it()
    {
        using var made = await server.Client.PredictAsync(Input(Words()));
        var version = (string)(await made.BodyAsync())["version"]!;

        foreach (var named in new[] { version, $"flexedit/{Cards.Model}", $"flexedit/{Cards.Model}:{version}", Cards.Model })
        {
            using var answer = await server.Client.PredictAsync(Input(Words()), "/v1/predictions", [("version", named), ("stream", true)]);
            ((int)answer.StatusCode, (string)(await answer.BodyAsync())["version"]!).ShouldBe((201, version), named);
        }
    }

    [Fact]
    public async Task Canceling_ends_it_and_leaves_alone_what_has_ended()
    {
        using var made = await server.Client.PredictAsync(Input(Words()));
        var id = (string)(await made.BodyAsync())["id"]!;

        using var canceled = await server.Client.PostAsync($"/v1/predictions/{id}/cancel", null, Token);
        using var again = await server.Client.PostAsync($"/v1/predictions/{id}/cancel", null, Token);

        foreach (var answer in new[] { canceled, again })
        {
            var prediction = await answer.BodyAsync();
            ((int)answer.StatusCode, (string)prediction["status"]!, prediction["output"], prediction["error"]).ShouldBe((200, "canceled", null, null));
            prediction["completed_at"].ShouldNotBeNull();
        }
    }

    [Fact]
    public async Task A_failed_one_says_why()
    {
        using var made = await server.Client.PredictAsync(Input(Words()));
        var id = (string)(await made.BodyAsync())["id"]!;

        await _worker.FailAsync(await _worker.PaintingAsync(id), "model_error");

        var failed = await server.Client.PredictionAsync(id);
        ((string)failed["status"]!, (string)failed["error"]!, failed["output"]).ShouldBe(("failed", "It came to nothing.", null));
    }

    [Fact]
    public async Task The_same_key_makes_one_and_another_model_in_the_path_is_another_request()
    {
        var (input, key) = (Input(Words(), ("seed", 1)), ("Idempotency-Key", Words()));
        using var first = await server.Client.PredictAsync(input, headers: key);
        using var second = await server.Client.PredictAsync(input, headers: key);
        ((string)(await second.BodyAsync())["id"]!).ShouldBe((string)(await first.BodyAsync())["id"]!);
        second.Headers.GetValues("Idempotency-Replayed").ShouldBe(["true"]);

        using var other = await server.Client.PredictAsync(input, "/v1/predictions", [("version", Cards.Model)], key);

        await other.ShouldBeReplicateErrorAsync(422, "idempotency_key_reused", "Idempotency-Key");
    }

    [Fact]
    public async Task Lists_them_with_addresses_page_by_page()
    {
        await using var own = new DoorServer();
        await own.InitializeAsync();
        var worker = new ScriptedWorker(own);
        using var made = await own.Client.PredictAsync(Input("the first"));
        var first = (string)(await made.BodyAsync())["id"]!;
        await worker.FinishAsync(await worker.PaintingAsync(first), [1, 2, 3]);
        using var form = Answers.GoodForm();
        using var native = await own.Client.PostEditAsync(form);
        var second = (string)(await native.BodyAsync())["id"]!;

        var page = JsonNode.Parse(await own.Client.GetStringAsync("/v1/predictions", Token))!;
        page.AsObject().Select(member => member.Key).ShouldBe(["previous", "next", "results"]);
        page["next"].ShouldBeNull();
        var results = page["results"]!.AsArray();
        results.Select(one => (string)one!["id"]!).ShouldBe([second, first]);
        ((string)results[0]!["version"]!, (string)results[0]!["status"]!).ShouldBe(("hidden", "starting"));
        var address = new Uri((string)results[1]!["output"]![0]!);
        address.AbsolutePath.ShouldBe($"/v1/predictions/{first}/outputs/0.png");
        using var picture = await own.Client.GetAsync(address, Token);
        (await picture.Content.ReadAsByteArrayAsync(Token)).ShouldBe([1, 2, 3]);
        (picture.Content.Headers.ContentType!.MediaType, picture.Headers.GetValues("Cross-Origin-Resource-Policy").Single()).ShouldBe(("image/png", "cross-origin"));

        (await IdsAsync($"?cursor={second}")).ShouldBe([first]);
        var moment = DateTime.Parse((string)results[0]!["created_at"]!, null, System.Globalization.DateTimeStyles.RoundtripKind);
        (await IdsAsync($"?created_after={moment:O}")).ShouldBe([second]);
        (await IdsAsync($"?created_before={moment:O}")).ShouldBe([first]);

        async Task<IEnumerable<string>> IdsAsync(string query) =>
            JsonNode.Parse(await own.Client.GetStringAsync("/v1/predictions" + query, Token))!["results"]!.AsArray().Select(one => (string)one!["id"]!);
    }

    private async Task<JsonObject> UntilAsync(string id, Func<JsonObject, bool> holds)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        JsonObject prediction;
        while (!holds(prediction = await server.Client.PredictionAsync(id)))
            await poll.WaitForNextTickAsync(Token);
        return prediction;
    }
}
