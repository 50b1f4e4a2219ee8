using System.Diagnostics;
using Npgsql;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Integration.Faults;

/// <summary>One fault each, made on purpose, in one deployment with real servers: <c>benchmark/chaos --each</c>. Every test run makes half a minute of random ones.</summary>
public sealed class FaultTests(SharedDeployment deployment) : FaultCase(deployment)
{
    [Fact(Explicit = true)]
    public async Task A_worker_killed_in_the_middle_is_replaced()
    {
        var driver = Driver(steps: 40);
        await driver.SubmitAsync(4, Token);
        await UntilAsync("""select count(*) from attempts where "Stage" = 'generating' and "EndedAt" is null""", count => count >= 2);
        await Faulty.Local.SignalAsync("generation-1", "KILL");
        await Faulty.Local.SignalAsync("generation-2", "KILL");

        await ShouldBeWellAsync(driver, verdict => verdict.LostAttempts.ShouldBeGreaterThan(0));
    }

    [Fact(Explicit = true)]
    public async Task A_frozen_workers_late_result_is_refused()
    {
        var driver = Driver(steps: 60);
        var id = (await driver.SubmitAsync(Token)).Id!;
        await UntilAsync($"""select count(*) from attempts where "EditId" = '{id}' and "Stage" = 'generating'""", count => count == 1);
        foreach (var name in Workers)
            await Faulty.Local.SignalAsync(name, "STOP");
        await UntilAsync($"""select count(*) from attempts where "EditId" = '{id}' and "Stage" = 'generating' and "Outcome" = 'lost'""", count => count == 1);
        foreach (var name in Workers)
            await Faulty.Local.SignalAsync(name, "CONT");

        await ShouldBeWellAsync(driver, _ => { });
        (await CountAsync($"""select count(*) from attempts where "EditId" = '{id}' and "Stage" = 'generating' and "Outcome" = 'ok'""")).ShouldBe(1);
        (await CountAsync($"""select count(*) from attempts where "EditId" = '{id}' and "Stage" = 'generating'""")).ShouldBeGreaterThan(1);
    }

    [Fact(Explicit = true)]
    public async Task An_edit_that_kills_its_workers_fails_and_burns_no_other()
    {
        var poisoned = Driver(instruction: _ => "Remove it simulate:exit@generation");
        var id = (await poisoned.SubmitAsync(Token)).Id!;
        var driver = Driver();
        await driver.SubmitAsync(6, Token);
        await UntilAsync("select count(*) from attempts where \"EditId\" = '" + id + "' and \"Outcome\" = 'lost'", count => count >= 2);

        await ShouldBeWellAsync(driver, _ => { });
        // It would be tried 20 times here; that is what the unit tests of the ledger are for.
        await Faulty.Local.Http.PostAsync($"/v1/edits/{id}/cancel", null, Token);
    }

    [Fact(Explicit = true)]
    public async Task A_wiped_broker_loses_no_edit()
    {
        var driver = Driver(steps: 10);
        await driver.SubmitAsync(6, Token);
        (await new FaultInjector(Faulty).WipeAsync()).ShouldBeTrue();
        await driver.SubmitAsync(3, Token);

        await ShouldBeWellAsync(driver, _ => { });
    }

    [Fact(Explicit = true)]
    public async Task A_submission_is_refused_quickly_while_the_broker_is_away()
    {
        Faulty.ProxyOf("rabbitmq").Mode = ProxyMode.Reset;
        var statuses = new List<int>();
        for (var i = 0; i < 3; i++)
        {
            using var form = new MultipartFormDataContent { { new ByteArrayContent(Scene), "scene", "scene.png" }, { new StringContent(Shapes), "mask_shapes" }, { new StringContent("Remove it."), "instruction" } };
            var clock = Stopwatch.StartNew();
            using var answer = await Faulty.Local.Http.PostAsync("/v1/edits", form, Token);
            clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(3));
            statuses.Add((int)answer.StatusCode);
            answer.Headers.RetryAfter.ShouldNotBeNull();
        }
        statuses.ShouldAllBe(status => status == 503);
        using var read = await Faulty.Local.Http.GetAsync("/v1/edits", Token);
        read.IsSuccessStatusCode.ShouldBeTrue();

        Faulty.ProxyOf("rabbitmq").Mode = ProxyMode.Pass;
        var driver = Driver();
        await driver.SubmitAsync(2, Token);
        await ShouldBeWellAsync(driver, _ => { });
    }

    [Theory(Explicit = true)]
    [InlineData("postgres-1")]
    [InlineData("rabbitmq-1")]
    public Task A_server_killed_under_load_loses_nothing(string name) => KillUnderLoadAsync(name);

    [Theory(Explicit = true)]
    [InlineData("ceph-rgw-1")]
    [InlineData("ceph-osd-1")]
    [InlineData("storage-1")]
    [InlineData("balancer-1")]
    public Task Another_server_killed_under_load_loses_nothing(string name) => KillUnderLoadAsync(name);

    private async Task KillUnderLoadAsync(string name)
    {
        var driver = Driver();
        var load = driver.RunAsync(2, TimeSpan.FromSeconds(4), Token);
        await driver.UntilAsync(accepted => accepted >= 2, Token);
        (await Faulty.Local.SignalAsync(name, "KILL")).ShouldBeTrue();
        await load;

        await ShouldBeWellAsync(driver, _ => { });
    }

    [Fact(Explicit = true)]
    public async Task A_connection_reset_at_commit_doubles_nothing()
    {
        var left = 5;
        Faulty.ProxyOf("postgres").ResetWhenClientSends = piece => piece.Span.IndexOf("COMMIT"u8) >= 0 && Interlocked.Decrement(ref left) >= 0;
        var driver = Driver();
        await driver.RunAsync(2, TimeSpan.FromSeconds(4), Token);
        Volatile.Read(ref left).ShouldBeLessThan(5, "some commit was cut");

        await ShouldBeWellAsync(driver, _ => { });
    }

    [Theory(Explicit = true)]
    [InlineData("postgres")]
    [InlineData("rabbitmq")]
    [InlineData("s3")]
    public async Task A_half_open_connection_is_noticed(string server)
    {
        var driver = Driver();
        await driver.SubmitAsync(4, Token);
        Faulty.ProxyOf(server).Mode = ProxyMode.BlackHole;
        var load = driver.RunAsync(2, TimeSpan.FromSeconds(2), Token);
        await Task.WhenAny(load, Task.Delay(TimeSpan.FromSeconds(5), Token));
        Faulty.ProxyOf(server).Mode = ProxyMode.Reset;
        Faulty.ProxyOf(server).Mode = ProxyMode.Pass;
        await load;

        await ShouldBeWellAsync(driver, _ => { });
    }

    [Fact(Explicit = true)]
    public async Task A_row_that_somebody_holds_holds_up_nobody_else()
    {
        var driver = Driver(steps: 40);
        var id = (await driver.SubmitAsync(Token)).Id!;
        await using (var session = await Faulty.Local.DatabaseAsync(Token))
        {
            await using var transaction = await session.BeginTransactionAsync(Token);
            await using (var hold = new NpgsqlCommand($"""select 1 from edits where "Id" = '{id}' for update""", session))
                await hold.ExecuteScalarAsync(Token);
            var others = Driver();
            await others.SubmitAsync(4, Token);
            await ShouldBeWellAsync(others, _ => { });
        }
        await ShouldBeWellAsync(driver, _ => { });
    }

    [Fact(Explicit = true)]
    public async Task Workers_restarted_one_after_the_other_lose_nothing()
    {
        var driver = Driver(steps: 10);
        var load = driver.RunAsync(3, TimeSpan.FromSeconds(8), Token);
        foreach (var name in Workers)
        {
            var before = Faulty.Local.PidOf(name);
            (await Faulty.Local.SignalAsync(name, "TERM")).ShouldBeTrue();
            await UntilAsync(() => Faulty.Local.PidOf(name) is { } now && now != before);
        }
        await load;

        await ShouldBeWellAsync(driver, _ => { });
    }

    [Fact]
    public Task Nothing_is_lost_in_half_a_minute_of_faults() => ChaosTests.RunAsync(Faulty, TimeSpan.FromSeconds(30), seed: 6, rate: 1);

    private static string Shapes => """[{"type":"circle","cx":10,"cy":10,"r":5}]""";

    private static byte[] Scene => Imaging.PictureEncoder.Png(new Imaging.Pixels.RgbImage(32, 32));
}
