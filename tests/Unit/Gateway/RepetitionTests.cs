using FlexEdit.Storage.Ledger;
using FlexEdit.Tests.Unit.Gateway.Running;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;
using static FlexEdit.Tests.Unit.Gateway.Running.Answers;

namespace FlexEdit.Tests.Unit.Gateway;

/// <summary>An edit that becomes durable after its request was answered with 503, and the client that repeats the request as OpenAI's do.</summary>
public class RepetitionTests(RepetitionTests.Server server) : IClassFixture<RepetitionTests.Server>
{
    private const string Count = "x-stainless-retry-count";
    private readonly ScriptedWorker _worker = new(server);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Makes_one_edit()
    {
        const string Instruction = "remove what comes late";
        await using (var ledger = await server.Services.GetRequiredService<IDbContextFactory<LedgerContext>>().CreateDbContextAsync(Token))
        {
            // Nobody else can write to the ledger meanwhile.
            await ledger.Database.OpenConnectionAsync(Token);
            await ledger.Database.ExecuteSqlRawAsync("BEGIN IMMEDIATE", Token);
            using var first = await SendAsync(Instruction, "0");
            await first.ShouldBeProblemAsync(503, "unavailable", null);
            await ledger.Database.ExecuteSqlRawAsync("ROLLBACK", Token);
        }
        var late = await _worker.EditAsync(Instruction);

        using var again = await SendAsync(Instruction, "1");
        using var anew = await SendAsync(Instruction, "0");

        ((int)again.StatusCode, (string)(await again.BodyAsync())["id"]!, again.Headers.GetValues("Idempotency-Replayed").Single()).ShouldBe((202, late, "true"));
        ((int)anew.StatusCode, (string)(await anew.BodyAsync())["id"]! == late).ShouldBe((202, false));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("x")]
    [InlineData("-1")]
    public async Task Of_clients_that_do_not_count_every_request_is_one_of_its_own(string? count)
    {
        var instruction = $"remove it {count}";
        using var one = await SendAsync(instruction, count);
        using var two = await SendAsync(instruction, count);

        ((string)(await two.BodyAsync())["id"]!).ShouldNotBe((string)(await one.BodyAsync())["id"]!);
    }

    private async Task<HttpResponseMessage> SendAsync(string instruction, string? count)
    {
        using var form = GoodForm(("instruction", instruction));
        return await (count is null ? server.Client.PostEditAsync(form) : server.Client.PostEditAsync(form, (Count, count)));
    }

    public sealed class Server : GatewayServer
    {
        // Long for a machine that may be busy; the first request waits for it.
        protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?> { ["FlexEdit:Gateway:SubmitTimeout"] = "00:00:08" };
    }
}
