using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using FlexEdit.Contracts;
using FlexEdit.Contracts.Edits;
using FlexEdit.Storage.Edits;
using FlexEdit.Storage.Hosting;
using FlexEdit.Storage.Ledger;
using FlexEdit.Storage.Webhooks.Delivering;
using FlexEdit.Storage.Webhooks.Endpoints;
using FlexEdit.Tests.Unit.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Integration.Ledger;

/// <summary>A measurement: see <c>benchmark/webhooks</c>. Of 100 endpoints ten hang, ten fail and ten are down for an hour, which is skipped.</summary>
public sealed class WebhookScale : IDisposable
{
    private const int Endpoints = 100;
    private const int EachSecond = 100;
    private readonly TestFolder _folder = new();
    private readonly SkippingTime _time = new();
    private readonly ConcurrentDictionary<string, long> _happened = new();
    private readonly ConcurrentDictionary<string, long> _arrived = new();
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, int>> _ids = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact(Explicit = true)]
    public async Task Ten_thousand_events_to_a_hundred_endpoints_thirty_of_which_are_bad()
    {
        var count = int.Parse(Environment.GetEnvironmentVariable("FLEXEDIT_WEBHOOKS_COUNT") is { Length: > 0 } given ? given : "10000", CultureInfo.InvariantCulture);
        await using var well = new WebhookReceiver(Taking());
        await using var hanging = new WebhookReceiver(WebhookReceiver.Hangs());
        await using var failing = new WebhookReceiver(WebhookReceiver.Answers(500));
        await using var down = new WebhookReceiver(WebhookReceiver.Resets());
        await using var services = await StartAsync();
        var register = services.GetRequiredService<WebhookRegister>();
        for (var i = 0; i < Endpoints; i++)
        {
            var receiver = (i % 10) switch { 0 => hanging, 1 => failing, 2 => down, _ => well };
            await register.CreateAsync($"t{i}", receiver.Url, null, Token);
        }
        var dispatcher = services.GetRequiredService<DeliveryDispatcher>();
        await dispatcher.StartAsync(Token);

        var made = await MakeAsync(services.GetRequiredService<LedgerWriter>(), count);
        var good = _happened.Keys.Where(id => !IsBad(id)).ToArray();
        await UntilAsync(() => good.All(_arrived.ContainsKey));
        var times = good.Select(id => Stopwatch.GetElapsedTime(_happened[id], _arrived[id]).TotalMilliseconds).Order().ToArray();
        var calls = $"{hanging.Calls.Count} to hanging, {failing.Calls.Count} to failing, {down.Calls.Count} to absent ones";

        foreach (var bad in new[] { hanging, failing, down })
            bad.Script = Taking();
        _time.Skip(TimeSpan.FromHours(1));
        var recovered = Stopwatch.GetTimestamp();
        await UntilAsync(() => _happened.Keys.All(_arrived.ContainsKey));
        var recovery = Stopwatch.GetElapsedTime(recovered);
        await dispatcher.StopAsync(Token);

        Console.WriteLine(FormattableString.Invariant($"{count} events made in {made.TotalSeconds:0.0} s; of {good.Length} to endpoints that are well: p50 {At(0.5):0} ms, p99 {At(0.99):0} ms, longest {times[^1]:0} ms from before the event's transaction to the call."));
        Console.WriteLine(FormattableString.Invariant($"Meanwhile calls {calls}. After an hour (skipped) all are well: the other {count - good.Length} arrived within {recovery.TotalSeconds:0.0} s."));
        _ids.Values.ShouldAllBe(ids => ids.Count == 1);
        _ids.Count.ShouldBe(count);
        At(0.99).ShouldBeLessThan(1000);

        double At(double share) => times[(int)Math.Min(times.Length - 1, Math.Ceiling(times.Length * share))];
    }

    private bool IsBad(string id) => _happened.ContainsKey(id) && int.Parse(id.AsSpan(id.Length - 1), CultureInfo.InvariantCulture) is 0 or 1 or 2;

    private Func<ReceivedCall, System.Net.Sockets.Socket, CancellationToken, Task> Taking() => (call, socket, token) =>
    {
        var id = call.Json.GetProperty("data").GetProperty("id").GetString()!;
        _arrived.TryAdd(id, Stopwatch.GetTimestamp());
        _ids.GetOrAdd(id, _ => new()).AddOrUpdate(call.Id, 1, (_, n) => n + 1);
        return WebhookReceiver.Answers(200)(call, socket, token);
    };

    // Open loop: an event is due every hundredth of a second, however long the ones before take.
    private async Task<TimeSpan> MakeAsync(LedgerWriter writer, int count)
    {
        var sample = Samples.Submit("none");
        var (options, inputs) = (JsonSerializer.Serialize(sample.Options, ContractJson.Options), JsonSerializer.Serialize(sample.Inputs, ContractJson.Options));
        var began = Stopwatch.GetTimestamp();
        var making = new List<Task>(count);
        for (var i = 0; i < count; i++)
        {
            var wait = TimeSpan.FromSeconds(i / (double)EachSecond) - Stopwatch.GetElapsedTime(began);
            if (wait > TimeSpan.Zero)
                await Task.Delay(wait, Token);
            var (id, tenant) = (string.Create(CultureInfo.InvariantCulture, $"edt_{i:d26}"), $"t{i % Endpoints}");
            _happened[id] = Stopwatch.GetTimestamp();
            making.Add(writer.WriteAsync(
                change =>
                {
                    var edit = new EditRow
                    {
                        Id = id,
                        Tenant = tenant,
                        Model = "m",
                        Instruction = "Remove it.",
                        OptionsJson = options,
                        InputsJson = inputs,
                        MetadataJson = "{}",
                        Status = EditStatus.Queued,
                        CreatedAt = change.Now,
                    };
                    change.Ledger.Edits.Add(edit);
                    new EditFlow(change, edit).Fail(new EditError { Code = "model_error", Detail = "It broke.", Retryable = false });
                    return Task.CompletedTask;
                },
                Token));
        }
        await Task.WhenAll(making);
        return Stopwatch.GetElapsedTime(began);
    }

    private async Task<ServiceProvider> StartAsync()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<TimeProvider>(_time);
        services.AddSingleton<IConfiguration>(_folder.Settings(("Webhooks:AllowPrivateTargets", "true")));
        if (_folder.IsOnPostgres)
            services.AddSingleton<ILedgerDatabase>(provider => new TestClock(ActivatorUtilities.CreateInstance<PostgresLedger>(provider), _time));
        services.AddStorage();
        var built = services.BuildServiceProvider();
        await built.GetRequiredService<LedgerStart>().StartingAsync(Token);
        return built;
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        for (var tries = 0; !holds(); tries++)
        {
            tries.ShouldBeLessThan(3000);
            await poll.WaitForNextTickAsync(Token);
        }
    }

    // The system's time, hours of which can be skipped.
    private sealed class SkippingTime : TimeProvider
    {
        private long _skipped;

        public void Skip(TimeSpan time) => Interlocked.Add(ref _skipped, time.Ticks);

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _skipped));
    }
}
