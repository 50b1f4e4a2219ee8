using FlexEdit.Contracts.Assets;
using FlexEdit.Contracts.Edits;
using FlexEdit.Contracts.Ledger;
using FlexEdit.Platform.Ledger;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Storage;

public sealed class HttpLedgerTests : IAsyncLifetime
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
    public async Task Says_over_http_what_the_ledger_says_in_process()
    {
        await using var worker = Worker(StorageServer.Token);
        var ledger = worker.GetRequiredService<IAttemptLedger>();
        var id = await _server.SubmitAsync();

        (await ledger.ClaimAsync(Claim(id, EditStage.Generating), TestContext.Current.CancellationToken)).ShouldBeNull();
        var grant = (await ledger.ClaimAsync(Claim(id, EditStage.Understanding), TestContext.Current.CancellationToken)).ShouldNotBeNull();
        (grant.Lease, grant.Options, grant.Inputs.Mask.UprightKey).ShouldBe((TimeSpan.FromSeconds(60), Samples.Options(), Samples.Picture("mask").UprightKey));
        (await ledger.HeartbeatAsync(grant.Attempt, TestContext.Current.CancellationToken)).ShouldBe(new HeartbeatAnswer { Continue = true, Cancel = false });
        (await ledger.ReleaseAsync(new AttemptReleased { Attempt = grant.Attempt, Canceled = false }, TestContext.Current.CancellationToken)).ShouldBeTrue();
        (await ledger.FailAsync(new AttemptFailed { Attempt = grant.Attempt, Error = new EditError { Code = "model_error", Detail = "d", Retryable = true } }, TestContext.Current.CancellationToken)).ShouldBeFalse();

        var second = (await ledger.ClaimAsync(Claim(id, EditStage.Understanding), TestContext.Current.CancellationToken)).ShouldNotBeNull();
        (await ledger.FinishUnderstandingAsync(new UnderstandingFinished { Attempt = second.Attempt, Result = Samples.Understood, ModelMs = 1 }, TestContext.Current.CancellationToken)).ShouldBeTrue();
        var third = (await ledger.ClaimAsync(Claim(id, EditStage.Generating), TestContext.Current.CancellationToken)).ShouldNotBeNull();
        third.Understanding.ShouldNotBeNull().Candidates.ShouldBe(Samples.Understood.Candidates);
        (await ledger.FinishGenerationAsync(new GenerationFinished { Attempt = third.Attempt, Outputs = [Samples.Output(id)], ModelMs = 1 }, TestContext.Current.CancellationToken)).ShouldBeTrue();

        var journal = (await worker.GetRequiredService<IEditJournal>().ReadAsync(StorageUnderTest.Tenant, id, 1, TestContext.Current.CancellationToken)).ShouldNotBeNull();
        (journal.Status, journal.Events[0].Sequence, journal.Sequence).ShouldBe((EditStatus.Succeeded, 2L, 7L));
        (await worker.GetRequiredService<IEditJournal>().ReadAsync("other", id, 0, TestContext.Current.CancellationToken)).ShouldBeNull();
    }

    [Fact]
    public async Task Lists_edits_and_assets_over_http()
    {
        await using var gateway = Worker(StorageServer.Token);
        var (pages, assets) = (gateway.GetRequiredService<IEditPages>(), gateway.GetRequiredService<IAssetRegister>());
        string[] ids = [await _server.SubmitAsync(), await _server.SubmitAsync()];
        Array.Sort(ids, StringComparer.Ordinal);
        var request = new EditPageRequest { Limit = 1 };

        var first = await pages.ListAsync(StorageUnderTest.Tenant, request, TestContext.Current.CancellationToken);
        var second = await pages.ListAsync(
            StorageUnderTest.Tenant, request with { After = ids[1], CreatedAfter = DateTime.UnixEpoch, CreatedBefore = DateTime.UnixEpoch.AddYears(1000) }, TestContext.Current.CancellationToken);

        first.Edits.ShouldHaveSingleItem().Job.ShouldContain(ids[1]);
        second.Edits.ShouldHaveSingleItem().Job.ShouldContain(ids[0]);
        (first.HasMore, second.HasMore).ShouldBe((true, false));
        (await pages.ListAsync("other", request, TestContext.Current.CancellationToken)).Edits.ShouldBeEmpty();
        (await pages.ListAsync(StorageUnderTest.Tenant, request with { CreatedBefore = DateTime.UnixEpoch }, TestContext.Current.CancellationToken)).Edits.ShouldBeEmpty();
        (await assets.ListAsync("other", null, 100, TestContext.Current.CancellationToken)).Assets.ShouldBeEmpty();
        (await assets.RemoveAsync("other", "ast_00000000000000000000000000", TestContext.Current.CancellationToken)).ShouldBeFalse();
    }

    [Fact]
    public async Task Lets_no_worker_in_with_another_token()
    {
        await using var worker = Worker(StorageServer.Token.Replace('0', '1'));
        var id = await _server.SubmitAsync();

        await Should.ThrowAsync<HttpRequestException>(() =>
            worker.GetRequiredService<IAttemptLedger>().ClaimAsync(Claim(id, EditStage.Understanding), TestContext.Current.CancellationToken));

        (await _server.JobAsync($"/v1/edits/{id}")).GetProperty("status").GetString().ShouldBe(EditStatus.Queued);
    }

    private static ClaimAttempt Claim(string id, string stage) => new() { EditId = id, Stage = stage, Worker = "over-http" };

    private ServiceProvider Worker(string token) => new ServiceCollection()
        .AddSingleton<IConfiguration>(_folder.Settings(("Internal:Token", token), ("Internal:StorageUrl", _server.Address.ToString())))
        .AddHttpAttemptLedger().AddHttpEditJournal().AddHttpAssetRegister().BuildServiceProvider();
}
