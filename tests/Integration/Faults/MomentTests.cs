using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Npgsql;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Integration.Faults;

/// <summary>Faults at one precise moment: between a step that is done and the word of it. A part of <c>benchmark/chaos --each</c>.</summary>
public sealed class MomentTests(SharedDeployment deployment) : FaultCase(deployment)
{
    [Fact(Explicit = true)]
    public async Task A_worker_killed_when_its_result_is_stored_and_not_told_is_replaced()
    {
        var (storing, killed) = (0, 0);
        var proxy = Faulty.ProxyOf("s3");
        proxy.ResetWhenClientSends = piece =>
        {
            if (piece.Span.StartsWith("PUT "u8) && piece.Span.IndexOf("/output-0."u8) is > 0 and < 400)
                Volatile.Write(ref storing, 1);
            return false;
        };
        proxy.ResetWhenServerSends = _ => Volatile.Read(ref storing) == 1 && Interlocked.Exchange(ref killed, 1) == 0 && Kill("generation-1", "generation-2");
        var driver = Driver();
        await driver.SubmitAsync(Token);

        await ShouldBeWellAsync(driver, verdict => verdict.LostAttempts.ShouldBeGreaterThan(0));
        killed.ShouldBe(1);
    }

    [Fact(Explicit = true)]
    public async Task A_message_that_comes_again_after_the_end_changes_nothing()
    {
        var driver = Driver(steps: 40);
        var id = (await driver.SubmitAsync(Token)).Id!;
        await UntilAsync($"""select count(*) from attempts where "EditId" = '{id}' and "Stage" = 'generating'""", count => count == 1);
        // The broker stands still: the end is told to the ledger by HTTP, and the message stays unacknowledged.
        await Faulty.Local.SignalAsync("rabbitmq-1", "STOP");
        await UntilAsync($"""select count(*) from edits where "Id" = '{id}' and "Status" = 'succeeded'""", count => count == 1);
        Kill("generation-1", "generation-2");
        await Faulty.Local.SignalAsync("rabbitmq-1", "CONT");

        await UntilAsync(async () => await MessagesAsync("generate-edit.simulated") == 0);
        await ShouldBeWellAsync(driver, _ => { });
        (await CountAsync($"""select count(*) from attempts where "EditId" = '{id}'""")).ShouldBe(2);
    }

    [Fact(Explicit = true)]
    public async Task A_message_that_was_sent_and_not_crossed_out_is_sent_again_and_does_nothing_twice()
    {
        var cut = 0;
        Faulty.ProxyOf("postgres").ResetWhenClientSends = piece => piece.Span.IndexOf("DELETE FROM outbox"u8) >= 0 && Interlocked.Increment(ref cut) <= 6;
        var driver = Driver();
        await driver.SubmitAsync(4, Token);

        await ShouldBeWellAsync(driver, _ => { });
        cut.ShouldBeGreaterThan(0);
        await UntilAsync("select count(*) from outbox", count => count == 0);
    }

    [Fact(Explicit = true)]
    public async Task A_gateway_killed_between_commit_and_answer_gets_one_edit_from_its_clients_repetition()
    {
        var killed = 0;
        Faulty.ProxyOf("rabbitmq").ResetWhenServerSends = piece =>
            piece.Span.IndexOf("Messages:EditSubmitted"u8) >= 0 && piece.Span.IndexOf("\"instruction\""u8) < 0
            && Interlocked.Exchange(ref killed, 1) == 0 && Kill("gateway-1");
        var driver = Driver();
        var submission = await driver.SubmitAsync(Token);

        killed.ShouldBe(1);
        (submission.Broken + submission.Refusals).ShouldBeGreaterThan(0);
        await ShouldBeWellAsync(driver, _ => { });
        (await CountAsync($"""select count(*) from idempotency_keys where "Key" = '{submission.Key}' and "EditId" = '{submission.Id}'""")).ShouldBe(1);
    }

    [Fact(Explicit = true)]
    public async Task A_database_without_free_connections_is_said_quickly_and_survived()
    {
        var driver = Driver(steps: 100);
        await driver.SubmitAsync(2, Token);
        List<NpgsqlConnection> taken = [];
        try
        {
            await TakeAllAsync(taken);
            // The services take some again before we do.
            await using var end = new NpgsqlCommand("select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = 'flexedit' and application_name <> 'taker'", taken[0]);
            while ((long)(await end.ExecuteScalarAsync(Token))! > 0)
                await TakeAllAsync(taken);
            var clock = Stopwatch.StartNew();
            using var answer = await Faulty.Local.Http.GetAsync("/v1/edits", Token);
            ((int)answer.StatusCode).ShouldBe(503);
            answer.Headers.RetryAfter.ShouldNotBeNull();
            clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(15));
        }
        finally
        {
            foreach (var connection in taken)
                await connection.DisposeAsync();
        }
        await driver.SubmitAsync(2, Token);
        await ShouldBeWellAsync(driver, _ => { });
    }

    private bool Kill(params string[] names)
    {
        foreach (var name in names)
        {
            if (Faulty.Local.PidOf(name) is { } pid)
                Process.GetProcessById(pid).Kill();
        }
        return true;
    }

    private async Task TakeAllAsync(List<NpgsqlConnection> taken)
    {
        while (true)
        {
            var connection = new NpgsqlConnection($"{Faulty.Local["POSTGRES"]};Pooling=false;Application Name=taker");
            try
            {
                await connection.OpenAsync(Token);
                taken.Add(connection);
            }
            catch (PostgresException full) when (full.SqlState == PostgresErrorCodes.TooManyConnections)
            {
                await connection.DisposeAsync();
                return;
            }
        }
    }

    private async Task<int> MessagesAsync(string queue)
    {
        var address = new Uri(Faulty.Local["RABBITMQ_MANAGEMENT"]);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{address.Port}/") };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(address.UserInfo)));
        using var answer = await http.GetAsync($"api/queues/%2F/{queue}", Token);
        return answer.IsSuccessStatusCode && JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Token)).RootElement.TryGetProperty("messages", out var messages)
            ? messages.GetInt32()
            : -1;
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (!await isSo())
            await poll.WaitForNextTickAsync(limit.Token);
    }
}
