using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using FlexEdit.Contracts.Edits;
using FlexEdit.Contracts.Ledger;
using FlexEdit.Contracts.Messages;
using FlexEdit.Contracts.Models;
using FlexEdit.Platform.Objects;
using FlexEdit.Tests.Unit.Storage;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;

namespace FlexEdit.Tests.Unit.Gateway.Running;

/// <summary>Does by hand what workers do to an edit of a <see cref="GatewayServer"/>.</summary>
internal sealed class ScriptedWorker(GatewayServer server)
{
    private static readonly TimeSpan s_between = TimeSpan.FromMilliseconds(20);

    private static CancellationToken Token => Xunit.TestContext.Current.CancellationToken;

    private IAttemptLedger Ledger => server.Services.GetRequiredService<IAttemptLedger>();

    private IObjectStore Objects => server.Services.GetRequiredService<IObjectStore>();

    /// <summary>The newest edit, as soon as there is one with this instruction.</summary>
    public async Task<string> EditAsync(string instruction)
    {
        using var poll = new PeriodicTimer(s_between);
        while (true)
        {
            var page = await server.Client.GetFromJsonAsync<JsonElement>("/v1/edits?limit=100", Token);
            foreach (var job in page.GetProperty("data").EnumerateArray())
            {
                if (job.GetProperty("instruction").GetString() == instruction)
                    return job.GetProperty("id").GetString()!;
            }

            await poll.WaitForNextTickAsync(Token);
        }
    }

    public async Task<string> StatusAsync(string id) =>
        (await server.Client.GetFromJsonAsync<JsonElement>($"/v1/edits/{id}", Token)).GetProperty("status").GetString()!;

    /// <summary>Waits for a status.</summary>
    public async Task BecomesAsync(string id, string status)
    {
        using var poll = new PeriodicTimer(s_between);
        while (await StatusAsync(id) != status)
            await poll.WaitForNextTickAsync(Token);
    }

    /// <summary>Understands an edit.</summary>
    public async Task UnderstoodAsync(string id) => (await Ledger.FinishUnderstandingAsync(
        new UnderstandingFinished { Attempt = await ClaimedAsync(id, EditStage.Understanding), Result = Samples.Understood, ModelMs = 1 }, Token)).ShouldBeTrue();

    /// <summary>Understands an edit, and begins to paint it.</summary>
    public async Task<AttemptRef> PaintingAsync(string id)
    {
        await UnderstoodAsync(id);
        return await ClaimedAsync(id, EditStage.Generating);
    }

    /// <summary>Tells of a step, with a picture.</summary>
    public async Task ProgressAsync(AttemptRef attempt, int output, int step, int steps, byte[] preview)
    {
        var key = $"{ObjectKeys.Edit("default", attempt.EditId)}/preview-{output}-{step}.jpg";
        await Objects.PutAsync(key, new MemoryStream(preview), "image/jpeg", Token);
        await server.Services.GetRequiredService<IBus>().Publish(
            new EditProgressed { EditId = attempt.EditId, Attempt = attempt.Attempt, Output = output, Step = step, Steps = steps, PreviewKey = key }, Token);
    }

    /// <summary>Ends an edit with pictures, painted by the model of <see cref="Cards"/>.</summary>
    public Task FinishAsync(AttemptRef attempt, params byte[][] pictures) => FinishAsync(attempt, ModelRun.Of(Cards.Card), pictures);

    /// <summary>Ends an edit with pictures.</summary>
    public async Task FinishAsync(AttemptRef attempt, ModelRun? model, byte[][] pictures)
    {
        var outputs = new List<EditOutput>();
        foreach (var picture in pictures)
        {
            var output = Samples.Output(attempt.EditId) with { Index = outputs.Count, Key = $"{ObjectKeys.Edit("default", attempt.EditId)}/output-{outputs.Count}.png", Sha256 = Convert.ToHexStringLower(SHA256.HashData(picture)) };
            await Objects.PutAsync(output.Key, new MemoryStream(picture), "image/png", Token);
            outputs.Add(output);
        }

        (await Ledger.FinishGenerationAsync(new GenerationFinished { Attempt = attempt, Outputs = outputs, Model = model, ModelMs = 1 }, Token)).ShouldBeTrue();
    }

    /// <summary>Ends an edit for good with an error.</summary>
    public async Task FailAsync(AttemptRef attempt, string code) => (await Ledger.FailAsync(
        new AttemptFailed { Attempt = attempt, Error = new EditError { Code = code, Detail = "It came to nothing.", Retryable = false } }, Token)).ShouldBeTrue();

    private async Task<AttemptRef> ClaimedAsync(string id, string stage) =>
        (await Ledger.ClaimAsync(new ClaimAttempt { EditId = id, Stage = stage, Worker = "by hand" }, Token)).ShouldNotBeNull().Attempt;
}
