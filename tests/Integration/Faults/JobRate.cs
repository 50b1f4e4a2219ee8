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
    private static readonly string[] s_names = ["storage", "understanding", "generation", "gateway", "balancer", "postgres", "rabbitmq", "ceph"];

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
        var processes = Processes(local);
        var before = processes.ToDictionary(process => process, process => process.Cpu);
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
        Console.WriteLine($"Processor time a job, of {Environment.ProcessorCount} processors:");
        foreach (var group in processes.GroupBy(process => Array.Find(s_names, name => process.Name.StartsWith(name, StringComparison.Ordinal)) ?? "other"))
        {
            var spent = group.Sum(process => (process.Cpu - before[process]).TotalMilliseconds);
            Console.WriteLine(FormattableString.Invariant($"  {group.Key,-14}{spent / count,8:0.00} ms   {spent / ended.TotalMilliseconds / Environment.ProcessorCount,6:0 %} of the machine"));
        }
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

    // A server's children count with it: PostgreSQL has one for every session.
    private static List<Watched> Processes(LocalDeployment local)
    {
        var parents = Process.GetProcesses().Select(process => (process.Id, Parent: ParentOf(process.Id))).Where(pair => pair.Parent is not null).ToLookup(pair => pair.Parent!.Value, pair => pair.Id);
        return [.. local.Names.Where(name => local.PidOf(name) is not null).SelectMany(name => Family(local.PidOf(name)!.Value).Select(pid => new Watched(name, pid)))];

        IEnumerable<int> Family(int pid) => parents[pid].SelectMany(Family).Prepend(pid);
    }

    private static int? ParentOf(int pid)
    {
        try
        {
            return int.Parse(File.ReadAllText($"/proc/{pid}/stat").Split(") ")[^1].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private sealed record Watched(string Name, int Pid)
    {
        public TimeSpan Cpu
        {
            get
            {
                try
                {
                    using var process = Process.GetProcessById(Pid);
                    return process.TotalProcessorTime;
                }
                catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
                {
                    return TimeSpan.Zero;
                }
            }
        }
    }
}
