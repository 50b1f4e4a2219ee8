using System.Net.Http.Json;
using System.Text.Json;
using FlexEdit.Contracts.Edits;
using FlexEdit.Contracts.Ledger;
using FlexEdit.Contracts.Messages;
using FlexEdit.Platform.Bus;
using FlexEdit.Platform.Health;
using FlexEdit.Platform.Hosting;
using FlexEdit.Platform.Internal;
using FlexEdit.Platform.Objects;
using FlexEdit.Platform.Problems;
using FlexEdit.Storage.Edits;
using FlexEdit.Storage.Hosting;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Shouldly;

namespace FlexEdit.Tests.Unit.Storage;

/// <summary>Storage as a web server on a loopback port, with its bus, dispatcher and sweeper, as its own process runs it.</summary>
internal sealed class StorageServer : IAsyncDisposable
{
    public const string Token = "0123456789abcdef0123456789abcdef";
    private readonly WebApplication _app;

    private StorageServer(WebApplication app) => (_app, Client) = (app, ClientOf(app, StorageUnderTest.Tenant));

    public HttpClient Client { get; }

    public Uri Address => new(_app.Urls.First());

    public static async Task<StorageServer> StartAsync(TestFolder folder, params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddConfiguration(folder.Settings(
            [("Internal:Token", Token), ("Storage:SweepInterval", "00:00:00.050"), .. settings]));
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddFlexEditDefaults().AddStorage();
        builder.Logging.ClearProviders();
        builder.Services.AddFlexEditBus(builder.Configuration, BusReach.ThisProcess);
        var app = builder.Build();
        app.UseMiddleware<ProblemMiddleware>();
        app.UseInternalTenant();
        app.MapFlexEditHealth();
        app.MapStorage();
        await app.StartAsync();
        return new StorageServer(app);
    }

    public static HttpClient ClientOf(WebApplication app, string tenant)
    {
        var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        client.DefaultRequestHeaders.Add(InternalTrust.TokenHeader, Token);
        client.DefaultRequestHeaders.Add(InternalTrust.TenantHeader, tenant);
        return client;
    }

    public HttpClient ClientOf(string tenant) => ClientOf(_app, tenant);

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    public async Task<string> SubmitAsync()
    {
        var request = Samples.Submit(FlexEdit.Contracts.Ids.NewEdit(TimeProvider.System));
        foreach (var key in request.Inputs.Keys())
            await Get<IObjectStore>().PutAsync(key, new MemoryStream([1, 2, 3]), "image/png", CancellationToken.None);
        (await Get<SubmitEditHandler>().HandleAsync(request, CancellationToken.None)).Refused.ShouldBeNull();
        return request.EditId;
    }

    public async Task<AttemptRef> ClaimedAsync(string id, string stage = EditStage.Understanding) =>
        (await Get<IAttemptLedger>().ClaimAsync(new ClaimAttempt { EditId = id, Stage = stage, Worker = "w" }, CancellationToken.None)).ShouldNotBeNull().Attempt;

    public async Task<string> SucceededAsync()
    {
        var id = await SubmitAsync();
        var ledger = Get<IAttemptLedger>();
        await ledger.FinishUnderstandingAsync(
            new UnderstandingFinished { Attempt = await ClaimedAsync(id), Result = Samples.Understood, ModelMs = 1 }, CancellationToken.None);
        var attempt = await ClaimedAsync(id, EditStage.Generating);
        var output = Samples.Output(id);
        await Get<IObjectStore>().PutAsync(output.Key, new MemoryStream([1, 2, 3, 4, 5, 6, 7, 8]), "image/png", CancellationToken.None);
        (await ledger.FinishGenerationAsync(new GenerationFinished { Attempt = attempt, Outputs = [output], ModelMs = 2 }, CancellationToken.None)).ShouldBeTrue();
        return id;
    }

    public async Task<JsonElement> JobAsync(string path) => await Client.GetFromJsonAsync<JsonElement>(path);

    public Task PublishAsync(EditProgressed progress) => Get<IBus>().Publish(progress);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
