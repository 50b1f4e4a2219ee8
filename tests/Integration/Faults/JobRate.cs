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
        var (count, warm) = (Setting("FLEXEDIT_JOBS_COUNT", "2000"), Setting("FLEXEDIT_JOBS_WARM", "1000"));
        await using var local = await LocalDeployment.UpAsync(FaultyDeployment.Everyday(), _ => true);
        var driver = new LoadDriver(local.Http, 1);
        await driver.SubmitAsync(10, Token);
        (await new Checker(local, driver).CheckAsync(TimeSpan.FromMinutes(1), Token)).Succeeded.ShouldBe(10);
        await using var ledger = await local.DatabaseAsync(Token);
        var (inputs, options) = await SampleAsync(ledger, driver.Accepted[0]);

        using var host = await BusAsync(local);
        // For their first half minute the services mostly compile themselves.
        await RunAsync(warm, "warm");
        var processors = new ProcessorTimes(local);
        var (submitted, ended) = await RunAsync(count, "jobs");
        (await CountAsync(ledger, "select count(*) from edits")).ShouldBe(10 + warm + count);
        Console.WriteLine(FormattableString.Invariant($"{count} jobs after {warm} to warm up, 64 submitted at once: all durable after {submitted.TotalSeconds:0.0} s ({count / submitted.TotalSeconds:0}/s), all done after {ended.TotalSeconds:0.0} s: {count / ended.TotalSeconds:0} jobs/s."));
        processors.Say(count, ended);

        async Task<(TimeSpan Submitted, TimeSpan Ended)> RunAsync(int jobs, string name)
        {
            var started = Stopwatch.GetTimestamp();
            await Parallel.ForAsync(0, jobs, new ParallelOptions { MaxDegreeOfParallelism = 64, CancellationToken = Token }, async (number, token) =>
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
                        IdempotencyKey = $"{name}-{number}",
                        RequestDigest = "digest",
                    },
                    token);
            });
            var submitted = Stopwatch.GetElapsedTime(started);
            while (await CountAsync(ledger, """select count(*) from edits where "Status" <> 'succeeded'""") > 0)
                await Task.Delay(TimeSpan.FromMilliseconds(200), Token);
            return (submitted, Stopwatch.GetElapsedTime(started));
        }
    }

    private static int Setting(string name, string usual) => int.Parse(Environment.GetEnvironmentVariable(name) is { Length: > 0 } given ? given : usual, CultureInfo.InvariantCulture);

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
