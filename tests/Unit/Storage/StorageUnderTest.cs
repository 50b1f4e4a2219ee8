using FlexEdit.Contracts;
using FlexEdit.Contracts.Edits;
using FlexEdit.Contracts.Ledger;
using FlexEdit.Contracts.Messages;
using FlexEdit.Platform.Objects;
using FlexEdit.Storage.Edits;
using FlexEdit.Storage.Hosting;
using FlexEdit.Storage.Ledger;
using FlexEdit.Storage.Outbox;
using FlexEdit.Storage.Reads;
using FlexEdit.Storage.Sweeping;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Shouldly;

namespace FlexEdit.Tests.Unit.Storage;

/// <summary>One storage process, without the bus, on a real ledger file. Several may share a <see cref="TestFolder"/>.</summary>
internal sealed class StorageUnderTest : IAsyncDisposable
{
    public const string Tenant = "acme";
    private readonly ServiceProvider _services;

    private StorageUnderTest(ServiceProvider services, FakeTimeProvider time) => (_services, Time) = (services, time);

    public FakeTimeProvider Time { get; }
    public IAttemptLedger Attempts => Get<IAttemptLedger>();
    public IObjectStore Objects => Get<IObjectStore>();
    public SweepLedger Sweep => Get<SweepLedger>();
    public RetainData Retain => Get<RetainData>();
    public EditReader Reader => Get<EditReader>();

    /// <summary>Starts a process on the folder's ledger.</summary>
    public static async Task<StorageUnderTest> StartAsync(
        TestFolder folder, FakeTimeProvider? time = null, Action<IServiceCollection>? add = null, bool databaseTime = false,
        params (string Key, string Value)[] settings)
    {
        time ??= new FakeTimeProvider(new DateTimeOffset(2026, 11, 24, 6, 0, 0, TimeSpan.Zero));
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<TimeProvider>(time);
        services.AddSingleton<IConfiguration>(folder.Settings(settings));
        if (folder.IsOnPostgres && !databaseTime)
            services.AddSingleton<ILedgerDatabase>(provider => new TestClock(ActivatorUtilities.CreateInstance<PostgresLedger>(provider), time));
        services.AddStorage();
        add?.Invoke(services);
        var storage = new StorageUnderTest(services.BuildServiceProvider(validateScopes: true), time);
        try
        {
            await storage.Get<LedgerStart>().StartingAsync(CancellationToken.None);
            return storage;
        }
        catch
        {
            await storage.DisposeAsync();
            throw;
        }
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    public Task<LedgerContext> OpenAsync() => Get<IDbContextFactory<LedgerContext>>().CreateDbContextAsync();

    /// <summary>Makes an edit's request, its pictures stored.</summary>
    public async Task<SubmitEdit> RequestAsync(string scene = "scene", TimeSpan? cancelAfter = null, string? pauseAfter = null, string? editId = null)
    {
        var request = Samples.Submit(editId ?? Ids.NewEdit(Time), scene, pauseAfter) with { CancelAfter = cancelAfter };
        foreach (var key in request.Inputs.Keys())
            await Objects.PutAsync(key, new MemoryStream([1, 2, 3]), "image/png", CancellationToken.None);
        return request;
    }

    /// <summary>Submits an edit and returns its id.</summary>
    public async Task<string> SubmitAsync(string scene = "scene", TimeSpan? cancelAfter = null, string? pauseAfter = null, string? editId = null)
    {
        var request = await RequestAsync(scene, cancelAfter, pauseAfter, editId);
        (await SubmitAsync(request)).Submitted.ShouldNotBeNull().EditId.ShouldBe(request.EditId);
        return request.EditId;
    }

    public Task<SubmitOutcome> SubmitAsync(SubmitEdit request) => Get<SubmitEditHandler>().HandleAsync(request, CancellationToken.None);

    public Task<bool> CancelAsync(string id, string tenant = Tenant) => Get<CancelEditHandler>().CancelAsync(tenant, id, CancellationToken.None);

    public Task<RemoveEditHandler.Outcome> DeleteAsync(string id, string tenant = Tenant) =>
        Get<RemoveEditHandler>().HandleAsync(tenant, id, expired: false, CancellationToken.None);

    public Task<AttemptGrant?> ClaimAsync(string id, string stage = EditStage.Understanding, string? claimId = null) =>
        Attempts.ClaimAsync(new ClaimAttempt { EditId = id, Stage = stage, Worker = "worker-1", ClaimId = claimId }, CancellationToken.None);

    public async Task<AttemptRef> ClaimedAsync(string id, string stage = EditStage.Understanding) => (await ClaimAsync(id, stage)).ShouldNotBeNull().Attempt;

    public Task<HeartbeatAnswer> HeartbeatAsync(AttemptRef attempt) => Attempts.HeartbeatAsync(attempt, CancellationToken.None);

    public Task<bool> UnderstandAsync(AttemptRef attempt) => Attempts.FinishUnderstandingAsync(
        new UnderstandingFinished { Attempt = attempt, Result = Samples.Understood, ModelMs = 38 }, CancellationToken.None);

    public Task<bool> GenerateAsync(AttemptRef attempt) => Attempts.FinishGenerationAsync(
        new GenerationFinished { Attempt = attempt, Outputs = [Samples.Output(attempt.EditId)], ModelMs = 900 }, CancellationToken.None);

    public Task<bool> FailAsync(AttemptRef attempt, bool retryable = true) => Attempts.FailAsync(
        new AttemptFailed { Attempt = attempt, Error = new EditError { Code = "model_error", Detail = "It broke.", Retryable = retryable } }, CancellationToken.None);

    public Task<bool> ReleaseAsync(AttemptRef attempt, bool canceled) => Attempts.ReleaseAsync(
        new AttemptReleased { Attempt = attempt, Canceled = canceled, StepsRun = 4, ModelMs = 210 }, CancellationToken.None);

    /// <summary>An edit that waits for its generation.</summary>
    public async Task<string> UnderstoodAsync()
    {
        var id = await SubmitAsync();
        (await UnderstandAsync(await ClaimedAsync(id))).ShouldBeTrue();
        return id;
    }

    /// <summary>An edit that has succeeded.</summary>
    public async Task<string> SucceededAsync(string scene = "scene", string? editId = null)
    {
        var id = await SubmitAsync(scene, editId: editId);
        (await UnderstandAsync(await ClaimedAsync(id))).ShouldBeTrue();
        var attempt = await ClaimedAsync(id, EditStage.Generating);
        foreach (var key in new[] { Samples.Output(id).Key, Samples.Output(id).Preservation.EditedMaskKey })
            await Objects.PutAsync(key, new MemoryStream([9, 8, 7, 6]), "image/png", CancellationToken.None);
        (await GenerateAsync(attempt)).ShouldBeTrue();
        return id;
    }

    public async Task<EditRow> RowAsync(string id)
    {
        await using var ledger = await OpenAsync();
        return await ledger.Edits.AsNoTracking().Include(e => e.Attempts).SingleAsync(e => e.Id == id);
    }

    public async Task<string> StatusAsync(string id) => (await RowAsync(id)).Status;

    public async Task<EditJournal> JournalAsync(string id) =>
        (await Get<IEditJournal>().ReadAsync(Tenant, id, 0, CancellationToken.None)).ShouldNotBeNull();

    public async Task<string> JobAsync(string id) => (await JournalAsync(id)).Job;

    /// <summary>Kinds of the messages that wait to be sent about an edit, in order.</summary>
    public async Task<List<string>> OutboxAsync(string id)
    {
        await using var ledger = await OpenAsync();
        return await ledger.Outbox.Where(m => m.EditId == id).OrderBy(m => m.Id).Select(m => m.Kind).ToListAsync();
    }

    /// <summary>Loses every message that was not sent yet.</summary>
    public async Task LoseMessagesAsync()
    {
        await using var ledger = await OpenAsync();
        await ledger.Outbox.ExecuteDeleteAsync();
        Get<FreshMessages>().Next(int.MaxValue);
    }
}
