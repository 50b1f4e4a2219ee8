using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using FlexEdit.Contracts;
using FlexEdit.Contracts.Edits;
using FlexEdit.Contracts.Messages;
using FlexEdit.Platform.Bus;
using FlexEdit.Tests.Integration.Local;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Integration.Faults;

/// <summary>A measurement: see <c>benchmark/jobs</c>.</summary>
public sealed class JobRate
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Explicit = true)]
    public async Task Jobs_a_second_through_ledger_and_bus()
    {
        var count = int.Parse(Environment.GetEnvironmentVariable("FLEXEDIT_JOBS_COUNT") is { Length: > 0 } given ? given : "2000", CultureInfo.InvariantCulture);
        await using var local = await LocalDeployment.UpAsync(FaultyDeployment.Simulated("00:00:00"), _ => true);
        var driver = new LoadDriver(local.Http, 1);
        await driver.SubmitAsync(10, Token);
        (await new Checker(local, driver).CheckAsync(TimeSpan.FromMinutes(1), Token)).Succeeded.ShouldBe(10);
        await using var ledger = await local.DatabaseAsync(Token);
        var (inputs, options) = await SampleAsync(ledger, driver.Accepted[0]);

        using var host = await BusAsync(local);
        var processors = new ProcessorTimes(local);
        var started = Stopwatch.GetTimestamp();
        var committed = 0;
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 64, CancellationToken = Token }, async (number, token) =>
        {
            var storage = host.Services.GetRequiredService<IBus>().CreateRequestClient<SubmitEdit>(BusEndpoints.AddressOf(BusEndpoints.Submit));
            await storage.GetResponse<EditSubmitted>(
                new SubmitEdit
                {
                    EditId = Ids.NewEdit(TimeProvider.System),
                    Tenant = "default",
                    Model = "simulated",
                    Instruction = "Remove it.",
                    Options = options,
                    Inputs = inputs,
                    IdempotencyKey = $"jobs-{number}",
                    RequestDigest = "digest",
                },
                token);
            Interlocked.Increment(ref committed);
        });
        var submitted = Stopwatch.GetElapsedTime(started);
        while (await CountAsync(ledger, """select count(*) from edits where "Status" <> 'succeeded'""") > 0)
            await Task.Delay(TimeSpan.FromMilliseconds(20), Token);
        var ended = Stopwatch.GetElapsedTime(started);

        committed.ShouldBe(count);
        Console.WriteLine(FormattableString.Invariant($"{count} jobs, 64 submitted at once: all durable after {submitted.TotalSeconds:0.0} s, all done after {ended.TotalSeconds:0.0} s: {count / ended.TotalSeconds:0} jobs/s."));
        processors.Say(count, ended);
    }

    private static async Task<IHost> BusAsync(LocalDeployment local)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["FlexEdit:Bus:Transport"] = "rabbitmq", ["FlexEdit:Bus:RabbitMq"] = local["RABBITMQ"] });
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddFlexEditBus(builder.Configuration, BusReach.OtherProcesses);
        var host = builder.Build();
        await host.StartAsync(Token);
        return host;
    }

    private static async Task<(EditInputs Inputs, EditOptions Options)> SampleAsync(NpgsqlConnection ledger, string id)
    {
        await using var command = new NpgsqlCommand($"""select "InputsJson", "OptionsJson" from edits where "Id" = '{id}'""", ledger);
        await using var reader = await command.ExecuteReaderAsync(Token);
        await reader.ReadAsync(Token);
        return (JsonSerializer.Deserialize<EditInputs>(reader.GetString(0), ContractJson.Options)!, JsonSerializer.Deserialize<EditOptions>(reader.GetString(1), ContractJson.Options)! with { Steps = 1 });
    }

    private static async Task<long> CountAsync(NpgsqlConnection ledger, string sql)
    {
        await using var command = new NpgsqlCommand(sql, ledger);
        return (long)(await command.ExecuteScalarAsync(Token))!;
    }
}
