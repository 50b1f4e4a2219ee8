using System.Diagnostics;
using System.Text;
using FlexEdit.Platform.Bus;
using FlexEdit.Storage.Ledger;
using FlexEdit.Tests.Integration.Hosting;
using FlexEdit.Tests.Unit.Storage;
using Microsoft.EntityFrameworkCore;
using RabbitMQ.Client;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Integration.Bus;

[Collection(AloneCollection.Name)]
public sealed class RabbitMqTests : IAsyncLifetime
{
    private static readonly string s_queue = BusEndpoints.Understand("flexedit-tiny");
    private readonly TestFolder _folder = new();
    private RabbitMqServer _broker = null!;
    private StorageServer _storage = null!;
    private string _address = "";

    public async ValueTask InitializeAsync()
    {
        _broker = await Servers.RabbitMqAsync();
        _address = await _broker.NewHostAsync();
        _storage = await StorageServer.StartAsync(
            _folder, ("Bus:Transport", "rabbitmq"), ("Bus:RabbitMq", _address), ("Storage:ResendAfter", "00:00:01"), ("Storage:OutboxInterval", "00:00:00.200"));
    }

    public async ValueTask DisposeAsync()
    {
        await _storage.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Keeps_a_command_for_a_worker_that_has_never_been_there_with_the_trace_of_the_request()
    {
        using var request = new Activity("request").SetIdFormat(ActivityIdFormat.W3C).Start();
        var id = await _storage.SubmitAsync();

        var message = await TakeAsync(id, acknowledge: true);

        Encoding.UTF8.GetString((byte[])message.BasicProperties.Headers![TraceContext.Header]!).ShouldContain(request.TraceId.ToHexString());
        message.BasicProperties.Persistent.ShouldBeTrue();
    }

    [Fact]
    public async Task Makes_a_queue_again_that_somebody_has_deleted()
    {
        await TakeAsync(await _storage.SubmitAsync(), acknowledge: true);
        await _broker.DeleteAsync($"queues/{Host}/{s_queue}");

        await TakeAsync(await _storage.SubmitAsync(), acknowledge: true);
    }

    [Fact]
    public async Task Takes_a_dead_letter_into_the_ledger_and_sends_the_command_again()
    {
        var id = await _storage.SubmitAsync();
        await TakeAsync(id, acknowledge: false); // As the broker does after too many deliveries.

        await TakeAsync(id, acknowledge: true);

        await using var ledger = await _storage.Get<IDbContextFactory<LedgerContext>>().CreateDbContextAsync(TestContext.Current.CancellationToken);
        (await ledger.Edits.SingleAsync(edit => edit.Id == id, TestContext.Current.CancellationToken)).Hints.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Sends_everything_that_waits_again_after_the_broker_has_lost_its_disk()
    {
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
            ids.Add(await _storage.SubmitAsync());
        await _broker.WipeAsync();
        await _broker.StartAgainAsync();
        await _broker.MakeHostAsync(Host);

        foreach (var id in ids)
            await TakeAsync(id, acknowledge: true);
    }

    private string Host => new Uri(_address).AbsolutePath[1..];

    // Takes messages until the one about the edit comes; at most a minute.
    private async Task<BasicGetResult> TakeAsync(string id, bool acknowledge)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            if (await TryTakeAsync(id, acknowledge) is { } message)
                return message;
            await poll.WaitForNextTickAsync(limit.Token);
        }
    }

    private async Task<BasicGetResult?> TryTakeAsync(string id, bool acknowledge)
    {
        await using var connection = await new ConnectionFactory { Uri = new Uri(_address) }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        try
        {
            while (await channel.BasicGetAsync(s_queue, autoAck: false) is { } message)
            {
                if (!Encoding.UTF8.GetString(message.Body.Span).Contains(id, StringComparison.Ordinal))
                    continue; // Goes back when the channel closes.
                if (acknowledge)
                    await channel.BasicAckAsync(message.DeliveryTag, multiple: false);
                else
                    await channel.BasicRejectAsync(message.DeliveryTag, requeue: false);
                return message;
            }
        }
        catch (RabbitMQ.Client.Exceptions.OperationInterruptedException)
        {
            // The queue is not there yet.
        }
        return null;
    }
}
