using System.Diagnostics;
using System.Globalization;
using FlexEdit.Imaging;
using FlexEdit.Imaging.Pixels;
using FlexEdit.Tests.Integration.Local;
using Minio;
using Minio.DataModel.Args;
using Npgsql;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Integration.Faults;

/// <summary>A measurement: see <c>benchmark/submit</c>.</summary>
public sealed class SubmitLatency
{
    private const int Side = 296; // Noise of this side is a PNG of 263 kB.
    private const double Rate = 20;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Explicit = true)]
    public async Task Submissions_against_one_put_and_one_commit()
    {
        var seconds = int.Parse(Environment.GetEnvironmentVariable("FLEXEDIT_SUBMIT_SECONDS") ?? "30", CultureInfo.InvariantCulture);
        var finished = int.Parse(Environment.GetEnvironmentVariable("FLEXEDIT_SUBMIT_FINISHED") ?? "0", CultureInfo.InvariantCulture);
        await using var local = await LocalDeployment.UpAsync(FaultyDeployment.Simulated("00:00:00"), _ => true);
        if (finished > 0)
            await FillAsync(local, finished);
        for (var warming = -50; warming < 0; warming++)
            await SubmitAsync(local, warming); // What is slow only once is not measured.
        // On a small machine the workers would take the processors; they go on after the measurement.
        foreach (var worker in local.Names.Where(name => name.StartsWith("understanding", StringComparison.Ordinal) || name.StartsWith("generation", StringComparison.Ordinal)))
            await local.SignalAsync(worker, "STOP");

        var processors = new ProcessorTimes(local);
        var began = Stopwatch.GetTimestamp();
        List<double> floor = [], submitted = [];
        using var both = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var measuring = FloorAsync(local, floor, both.Token);
        var running = new List<Task<double?>>();
        using (var clock = new PeriodicTimer(TimeSpan.FromSeconds(1 / Rate)))
        {
            for (var number = 1; number <= seconds * Rate && await clock.WaitForNextTickAsync(Token); number++)
                running.Add(SubmitAsync(local, number));
        }
        submitted.AddRange((await Task.WhenAll(running)).OfType<double>());
        var time = Stopwatch.GetElapsedTime(began);
        await both.CancelAsync();
        await measuring;

        Console.WriteLine(FormattableString.Invariant($"{submitted.Count} of {running.Count} submissions at {Rate}/s accepted, pictures of {PictureOf(1).Length / 1000} kB, {finished} finished edits in the ledger; {floor.Count} pairs of PUT and commit in the same run."));
        foreach (var share in new[] { 0.5, 0.95, 0.99 })
        {
            Console.WriteLine(FormattableString.Invariant(
                $"  p{share * 100:0}  submit to 202 {At(submitted, share),7:0.0} ms   PUT + commit {At(floor, share),7:0.0} ms   ratio to its median {At(submitted, share) / At(floor, 0.5),5:0.0}"));
        }
        processors.Say(running.Count, time);
        submitted.Count.ShouldBeGreaterThan(running.Count / 2);
    }

    private static async Task<double?> SubmitAsync(LocalDeployment local, int number)
    {
        using var form = new MultipartFormDataContent
        {
            { new ByteArrayContent(PictureOf(number)), "scene", "scene.png" },
            { new StringContent("""[{"type":"circle","cx":150,"cy":150,"r":60}]"""), "mask_shapes" },
            { new StringContent($"Remove object {number}."), "instruction" },
        };
        var started = Stopwatch.GetTimestamp();
        using var answer = await local.Http.PostAsync("/v1/edits", form, Token);
        var took = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        // A machine that does too much else refuses some, which is no latency.
        return answer.StatusCode == System.Net.HttpStatusCode.Accepted ? took : null;
    }

    // The least that durability costs: one object, one row.
    private static async Task FloorAsync(LocalDeployment local, List<double> floor, CancellationToken cancellationToken)
    {
        using var client = new MinioClient().WithEndpoint(new Uri(local["S3_ENDPOINT"]).Authority)
            .WithCredentials(local["S3_ACCESS_KEY"], local["S3_SECRET_KEY"]).WithRegion("us-east-1").Build();
        await using var ledger = await local.DatabaseAsync(cancellationToken);
        await using (var table = new NpgsqlCommand("create table if not exists floor_of_benchmark (n int)", ledger))
            await table.ExecuteNonQueryAsync(cancellationToken);
        try
        {
            for (var number = 0; ; number++)
            {
                using var picture = new MemoryStream(PictureOf(-1 - number));
                var started = Stopwatch.GetTimestamp();
                await client.PutObjectAsync(
                    new PutObjectArgs().WithBucket(local["S3_BUCKET"]).WithObject($"floor/{number}").WithStreamData(picture).WithObjectSize(picture.Length), cancellationToken);
                await using (var insert = new NpgsqlCommand("insert into floor_of_benchmark values (1)", ledger))
                    await insert.ExecuteNonQueryAsync(cancellationToken);
                floor.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The submissions are done.
        }
    }

    // Copies one finished edit under other ids.
    private static async Task FillAsync(LocalDeployment local, int count)
    {
        var driver = new LoadDriver(local.Http, 1);
        await driver.SubmitAsync(Token);
        (await new Checker(local, driver).CheckAsync(TimeSpan.FromMinutes(1), Token)).Succeeded.ShouldBe(1);
        await using var ledger = await local.DatabaseAsync(Token);
        string columns;
        await using (var names = new NpgsqlCommand("""
            select string_agg('"' || column_name || '"', ', ') from information_schema.columns where table_name = 'edits' and table_schema = 'public' and column_name <> 'Id' and is_generated = 'NEVER'
            """, ledger))
            columns = (string)(await names.ExecuteScalarAsync(Token))!;
        await using var copy = new NpgsqlCommand($"""
            insert into edits ("Id", {columns}) select overlay("Id" placing lpad(n::text, 10, '0') from 5 for 10), {columns} from edits, generate_series(1, {count}) as n
            where "Id" = '{driver.Accepted[0]}'; analyze edits
            """, ledger) { CommandTimeout = 600 };
        await copy.ExecuteNonQueryAsync(Token);
    }

    private static byte[] PictureOf(int number)
    {
        var picture = new RgbImage(Side, Side);
        new Random(number).NextBytes(picture.Pixels);
        return PictureEncoder.Png(picture);
    }

    private static double At(List<double> values, double share) => values.Order().ElementAt((int)Math.Min(values.Count - 1, share * values.Count));
}
