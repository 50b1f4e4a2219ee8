using FlexEdit.Contracts.Tenants;
using FlexEdit.Gateway.Limits;
using FlexEdit.Storage.Tenants;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Storage;

/// <summary>The limit on requests, from the gateways' accounts to the row that they share.</summary>
public sealed class RequestQuotaTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Grants_a_minutes_requests_at_once_and_then_goes_at_its_pace()
    {
        await using var storage = await StartAsync(60);
        var quota = storage.Get<ITenantQuota>();

        var first = await quota.TakeAsync("acme", 50, Token);
        (first.Granted, first.Remaining, first.ResetAfter).ShouldBe((50, 10, TimeSpan.FromSeconds(50)));
        (await quota.TakeAsync("acme", 50, Token)).Granted.ShouldBe(10);
        var none = await quota.TakeAsync("acme", 1, Token);
        (none.Granted, none.Remaining, none.ResetAfter).ShouldBe((0, 0, TimeSpan.FromSeconds(1)));
        (await quota.TakeAsync("other", 1, Token)).Granted.ShouldBe(1);

        storage.Time.Advance(TimeSpan.FromSeconds(3.5));
        (await quota.TakeAsync("acme", 50, Token)).Granted.ShouldBe(3);
        storage.Time.Advance(TimeSpan.FromMinutes(5));
        (await quota.TakeAsync("acme", 100, Token)).Granted.ShouldBe(60);
    }

    [Fact]
    public async Task Passes_no_more_than_the_limit_through_several_gateways_at_once()
    {
        const int Most = 120;
        await using var one = await StartAsync(Most);
        await using var two = await StorageUnderTest.StartAsync(_folder, one.Time, settings: ("Limits:RequestsPerMinute", $"{Most}"));
        RequestLimiter[] gateways = [Gateway(one), Gateway(two), Gateway(one), Gateway(two)];

        var verdicts = await Task.WhenAll(gateways.SelectMany(gateway => Enumerable.Range(0, 50).Select(_ => Task.Run(() => gateway.TakeAsync("acme", Token).AsTask()))));

        var passed = verdicts.Count(verdict => verdict.Passes);
        // What a gateway holds for requests that have not come yet is less than a sixteenth each.
        passed.ShouldBeInRange(Most - (4 * Most / 16), Most);
        verdicts.Where(verdict => !verdict.Passes).ShouldAllBe(verdict => verdict.Remaining == 0 && verdict.ResetAfter > TimeSpan.Zero && verdict.Limits!.RequestsPerMinute == Most);
    }

    [Fact]
    public async Task A_refused_client_that_waits_as_long_as_it_is_told_passes()
    {
        await using var storage = await StartAsync(6);
        var gateway = Gateway(storage);
        for (var i = 0; i < 6; i++)
            (await gateway.TakeAsync("acme", Token)).Passes.ShouldBeTrue();

        var refused = await gateway.TakeAsync("acme", Token);

        (refused.Passes, refused.ResetAfter).ShouldBe((false, TimeSpan.FromSeconds(10)));
        storage.Time.Advance(refused.ResetAfter);
        (await gateway.TakeAsync("acme", Token)).Passes.ShouldBeTrue();
        (await gateway.TakeAsync("acme", Token)).Passes.ShouldBeFalse();
    }

    [Fact]
    public async Task Asks_storage_the_less_often_the_more_requests_there_are_and_never_for_one_that_is_refused()
    {
        await using var storage = await StartAsync(1600);
        var counted = new CountedQuota(storage.Get<ITenantQuota>());
        var gateway = new RequestLimiter(counted, storage.Time, NullLogger<RequestLimiter>.Instance);

        for (var i = 0; i < 1000; i++)
            (await gateway.TakeAsync("acme", Token)).Passes.ShouldBeTrue();
        counted.Calls.ShouldBeLessThan(40); // 1, 2, 4, … 100 at once.

        while ((await gateway.TakeAsync("acme", Token)).Passes)
        {
            // Until there are none.
        }
        var asked = counted.Calls;
        for (var i = 0; i < 100; i++)
            (await gateway.TakeAsync("acme", Token)).Passes.ShouldBeFalse();
        counted.Calls.ShouldBe(asked);
    }

    [Fact]
    public async Task Gives_up_what_it_held_for_too_long()
    {
        await using var storage = await StartAsync(160);
        var counted = new CountedQuota(storage.Get<ITenantQuota>());
        var gateway = new RequestLimiter(counted, storage.Time, NullLogger<RequestLimiter>.Instance);
        for (var i = 0; i < 5; i++)
            await gateway.TakeAsync("acme", Token);

        storage.Time.Advance(RequestAccount.Holds);
        var asked = counted.Calls;
        await gateway.TakeAsync("acme", Token);

        counted.Calls.ShouldBe(asked + 1);
        counted.Wanted[^1].ShouldBe(1);
    }

    [Fact]
    public async Task Lets_requests_pass_while_storage_does_not_answer_and_asks_again_a_second_later()
    {
        await using var storage = await StartAsync(1);
        var counted = new CountedQuota(storage.Get<ITenantQuota>()) { Away = true };
        var gateway = new RequestLimiter(counted, storage.Time, NullLogger<RequestLimiter>.Instance);

        for (var i = 0; i < 5; i++)
            (await gateway.TakeAsync("acme", Token)).Passes.ShouldBeTrue();
        counted.Calls.ShouldBe(1);

        counted.Away = false;
        storage.Time.Advance(TimeSpan.FromSeconds(1));
        (await gateway.TakeAsync("acme", Token)).Passes.ShouldBeTrue();
        (await gateway.TakeAsync("acme", Token)).Passes.ShouldBeFalse();
    }

    [Fact]
    public async Task Counts_nothing_where_there_is_no_limit()
    {
        await using var storage = await StartAsync(0);
        var gateway = Gateway(storage);

        for (var i = 0; i < 100; i++)
            (await gateway.TakeAsync("acme", Token)).Passes.ShouldBeTrue();

        await using var ledger = await storage.OpenAsync();
        ledger.Tenants.ShouldBeEmpty();
    }

    [Fact]
    public async Task Goes_by_what_the_operator_set_for_a_tenant()
    {
        await using var storage = await StartAsync(1);
        await storage.Get<TenantRegister>().SetLimitsAsync("acme", new SetTenantLimits { RequestsPerMinute = 10 }, Token);

        (await storage.Get<ITenantQuota>().TakeAsync("acme", 100, Token)).Granted.ShouldBe(10);
        (await storage.Get<ITenantQuota>().TakeAsync("other", 100, Token)).Granted.ShouldBe(1);
    }

    private static RequestLimiter Gateway(StorageUnderTest storage) => new(storage.Get<ITenantQuota>(), storage.Time, NullLogger<RequestLimiter>.Instance);

    private Task<StorageUnderTest> StartAsync(int most) => StorageUnderTest.StartAsync(_folder, settings: ("Limits:RequestsPerMinute", $"{most}"));

    /// <summary>The quota, with a look at how often it is asked and a way to cut it off.</summary>
    private sealed class CountedQuota(ITenantQuota quota) : ITenantQuota
    {
        private readonly List<int> _wanted = [];

        public bool Away { get; set; }

        public IReadOnlyList<int> Wanted
        {
            get
            {
                lock (_wanted)
                    return [.. _wanted];
            }
        }

        public int Calls => Wanted.Count;

        public Task<RequestGrant> TakeAsync(string tenant, int wanted, CancellationToken cancellationToken)
        {
            lock (_wanted)
                _wanted.Add(wanted);
            return Away ? Task.FromException<RequestGrant>(new HttpRequestException("Away.")) : quota.TakeAsync(tenant, wanted, cancellationToken);
        }

        public Task<StorageLimits> LimitsAsync(string tenant, CancellationToken cancellationToken) => quota.LimitsAsync(tenant, cancellationToken);
    }
}
