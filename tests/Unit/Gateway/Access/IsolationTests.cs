using System.Text.Json.Nodes;
using FlexEdit.ApiDocument;
using FlexEdit.Contracts.Ledger;
using FlexEdit.Contracts.Messages;
using FlexEdit.Platform.Objects;
using FlexEdit.Storage.Reads;
using FlexEdit.Tests.Unit.Gateway.Running;
using FlexEdit.Tests.Unit.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Gateway.Access;

/// <summary>Two tenants: neither gets at anything of the other, nor learns that it is there.</summary>
public sealed class IsolationTests(IsolationTests.Server server) : IClassFixture<IsolationTests.Server>
{
    private const string Owner = StorageUnderTest.Tenant;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>
    /// Answers are the same to the byte, and so is what it takes to make them: the same statements in the same order, so no clock tells them apart
    /// but by what the database does with one row more or less.
    /// </summary>
    [Fact]
    public async Task Anothers_id_is_answered_as_one_that_nobody_has()
    {
        using var owner = await server.ClientOfAsync(Owner);
        using var stranger = await server.ClientOfAsync("stranger");
        var webhook = (string)(await PostAsync(owner, "/v1/webhooks", """{"url":"https://example.org/"}"""))["id"]!;
        var asset = await UploadAsync(owner);
        var file = await UploadAsync(owner, width: 34);
        var batch = (string)(await PostAsync(owner, "/v1/batches", """{"requests":[{"instruction":"remove it"}]}"""))["id"]!;
        var done = await SucceededAsync(await SubmitAsync(owner));
        var paused = await SubmitAsync(owner, ("pause_after", "understanding"));
        await UnderstoodAsync(paused);
        var delivery = (string)JsonNode.Parse(await owner.GetStringAsync($"/v1/webhooks/{webhook}/deliveries", Token))!["data"]![0]!["id"]!;

        await new ForeignIds(OpenApiDocument.Text(), owner, stranger, (_, path) => path.Split('/')[2] switch
        {
            "edits" => path.EndsWith("/approve", StringComparison.Ordinal) ? paused : done,
            "assets" => asset,
            "predictions" => done,
            "files" => path.Contains("/streams/", StringComparison.Ordinal) ? done : file,
            "batches" => batch,
            "webhooks" => webhook,
            "deliveries" => delivery,
            var other => throw new InvalidOperationException($"Make something of the owner's under /v1/{other} here, and try it."),
        }).TryAsync((what, foreign, unknown) => server.Statements.Of(foreign).ShouldBe(server.Statements.Of(unknown), what));
    }

    [Theory]
    [InlineData("/v1/edits", "data")]
    [InlineData("/v1/edits?after=edt_7zzzzzzzzzzzzzzzzzzzzzzzzz", "data")]
    [InlineData("/v1/assets", "data")]
    [InlineData("/v1/batches", "data")]
    [InlineData("/v1/webhooks", "data")]
    [InlineData("/v1/usage", "data")]
    [InlineData("/v1/predictions", "results")]
    [InlineData("/v1/files", "results")]
    public async Task Lists_nothing_of_another(string path, string list)
    {
        using var owner = await server.ClientOfAsync(Owner);
        using var stranger = await server.ClientOfAsync("newcomer");
        await PostAsync(owner, "/v1/webhooks", """{"url":"https://example.org/"}""");
        await UploadAsync(owner);
        await PostAsync(owner, "/v1/batches", """{"requests":[{"instruction":"remove it"}]}""");
        await SucceededAsync(await SubmitAsync(owner));

        JsonNode.Parse(await owner.GetStringAsync(path, Token))![list]!.AsArray().ShouldNotBeEmpty();
        JsonNode.Parse(await stranger.GetStringAsync(path, Token))![list]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task One_tenants_idempotency_keys_are_not_anothers()
    {
        using var owner = await server.ClientOfAsync(Owner);
        using var stranger = await server.ClientOfAsync("stranger");
        var edits = new List<string>();
        foreach (var (client, instruction) in new[] { (owner, "remove it"), (stranger, "remove all") })
        {
            using var form = Answers.GoodForm(("instruction", instruction));
            using var answer = await client.PostEditAsync(form, ("Idempotency-Key", "one"));
            answer.StatusCode.ShouldBe(202);
            answer.Headers.Contains("Idempotency-Replayed").ShouldBeFalse();
            edits.Add((string)(await answer.BodyAsync())["id"]!);
        }
        edits.ShouldBeUnique();
    }

    private static async Task<string> SubmitAsync(HttpClient client, params (string, object?)[] fields)
    {
        using var form = Answers.GoodForm(fields);
        using var answer = await client.PostEditAsync(form);
        answer.StatusCode.ShouldBe(202);
        return (string)(await answer.BodyAsync())["id"]!;
    }

    private static async Task<string> UploadAsync(HttpClient client, int width = 33)
    {
        using var file = new ByteArrayContent(Pictures.SceneJpeg(width, 18));
        file.Headers.TryAddWithoutValidation("Content-Type", "image/jpeg");
        using var answer = await client.PostAsync("/v1/assets", file, Token);
        answer.IsSuccessStatusCode.ShouldBeTrue();
        return (string)(await answer.BodyAsync())["id"]!;
    }

    private static async Task<JsonObject> PostAsync(HttpClient client, string path, string body)
    {
        using var answer = await client.PostAsync(path, Answers.Json(body), Token);
        answer.IsSuccessStatusCode.ShouldBeTrue();
        return await answer.BodyAsync();
    }

    private async Task UnderstoodAsync(string id)
    {
        await PutAsync(Samples.Understood.FullMaskKey!);
        (await Attempts.FinishUnderstandingAsync(
            new UnderstandingFinished { Attempt = await ClaimedAsync(id, "understanding"), Result = Samples.Understood, ModelMs = 1 }, Token)).ShouldBeTrue();
    }

    private async Task<string> SucceededAsync(string id)
    {
        await UnderstoodAsync(id);
        var attempt = await ClaimedAsync(id, "generating");
        var (output, preview) = (Samples.Output(id), $"{ObjectKeys.Edit(Owner, id)}/generating-2/preview.jpg");
        await PutAsync(output.Key);
        await PutAsync(output.Preservation.EditedMaskKey);
        await PutAsync(preview);
        server.Services.GetRequiredService<ProgressBoard>().Take(
            new EditProgressed { EditId = id, Attempt = attempt.Attempt, Output = 0, Step = 1, Steps = 2, PreviewKey = preview });
        (await Attempts.FinishGenerationAsync(new GenerationFinished { Attempt = attempt, Outputs = [output], ModelMs = 2 }, Token)).ShouldBeTrue();
        return id;
    }

    private async Task<AttemptRef> ClaimedAsync(string id, string stage) =>
        (await Attempts.ClaimAsync(new ClaimAttempt { EditId = id, Stage = stage, Worker = "w" }, Token)).ShouldNotBeNull().Attempt;

    private IAttemptLedger Attempts => server.Services.GetRequiredService<IAttemptLedger>();

    private Task PutAsync(string key) => server.Services.GetRequiredService<IObjectStore>().PutAsync(key, new MemoryStream([1, 2, 3]), "image/png", Token);

    public sealed class Server : KeyedServer
    {
        internal Statements Statements { get; } = new();

        protected override void Compose(WebApplicationBuilder builder)
        {
            base.Compose(builder);
            builder.Logging.AddProvider(Statements).AddFilter<Statements>("Microsoft.EntityFrameworkCore.Database.Command", LogLevel.Information);
        }

        protected override void Map(WebApplication app)
        {
            app.Use(Statements.InvokeAsync);
            base.Map(app);
        }
    }
}
