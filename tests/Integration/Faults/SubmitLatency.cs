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
        var warm = int.Parse(Environment.GetEnvironmentVariable("FLEXEDIT_SUBMIT_WARM") ?? "40", CultureInfo.InvariantCulture);
        var finished = int.Parse(Environment.GetEnvironmentVariable("FLEXEDIT_SUBMIT_FINISHED") ?? "0", CultureInfo.InvariantCulture);
        await using var local = await LocalDeployment.UpAsync(FaultyDeployment.Everyday(), _ => true);
        if (finished > 0)
            await FillAsync(local, finished);
        // On a small machine the workers would take the processors; they go on after the measurement.
        foreach (var worker in local.Names.Where(name => name.StartsWith("understanding", StringComparison.Ordinal) || name.StartsWith("generation", StringComparison.Ordinal)))
            await local.SignalAsync(worker, "STOP");

        // Made before: the driver is not to take the processor while it measures.
        var pictures = ParallelEnumerable.Range(0, (int)((warm + seconds) * Rate)).AsOrdered().Select(PictureOf).ToArray();
        var first = (int)(warm * Rate);
        // For its first half minute a service mostly compiles itself, which is not what is measured.
        await RunAsync(local, pictures[..first]);
        var processors = new ProcessorTimes(local);
        var began = Stopwatch.GetTimestamp();
        List<double> floor = [];
        using var both = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var measuring = FloorAsync(local, pictures, floor, both.Token);
        var running = await RunAsync(local, pictures[first..]);
        List<double> submitted = [.. running.OfType<double>()];
        var time = Stopwatch.GetElapsedTime(began);
        await both.CancelAsync();
        await measuring;

        Console.WriteLine(FormattableString.Invariant($"{submitted.Count} of {running.Length} submissions at {Rate}/s accepted, pictures of {pictures[0].Length / 1000} kB, {finished} finished edits in the ledger; {floor.Count} pairs of PUT and commit in the same run."));
        foreach (var share in new[] { 0.5, 0.95, 0.99 })
        {
            Console.WriteLine(FormattableString.Invariant(
                $"  p{share * 100:0}  submit to 202 {At(submitted, share),7:0.0} ms   PUT + commit {At(floor, share),7:0.0} ms   ratio to its median {At(submitted, share) / At(floor, 0.5),5:0.0}"));
        }
        processors.Say(running.Length, time);
        submitted.Count.ShouldBeGreaterThan(running.Length / 2);
    }

    // Null: refused.
    private static async Task<double?[]> RunAsync(LocalDeployment local, byte[][] pictures)
    {
        var running = new List<Task<double?>>();
        using var clock = new PeriodicTimer(TimeSpan.FromSeconds(1 / Rate));
        while (running.Count < pictures.Length && await clock.WaitForNextTickAsync(Token))
            running.Add(SubmitAsync(local, pictures[running.Count]));
        return await Task.WhenAll(running);
    }

    private static async Task<double?> SubmitAsync(LocalDeployment local, byte[] picture)
    {
        using var form = new MultipartFormDataContent
        {
            { new ByteArrayContent(picture), "scene", "scene.png" },
            { new StringContent("""[{"type":"circle","cx":150,"cy":150,"r":60}]"""), "mask_shapes" },
            { new StringContent("Remove it."), "instruction" },
        };
        var started = Stopwatch.GetTimestamp();
        using var answer = await local.Http.PostAsync("/v1/edits", form, Token);
        var took = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        // A machine that does too much else refuses some, which is no latency.
        return answer.StatusCode == System.Net.HttpStatusCode.Accepted ? took : null;
    }

    // The least that durability costs: one object, one row.
    private static async Task FloorAsync(LocalDeployment local, byte[][] pictures, List<double> floor, CancellationToken cancellationToken)
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
                using var picture = new MemoryStream(pictures[number % pictures.Length]);
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
