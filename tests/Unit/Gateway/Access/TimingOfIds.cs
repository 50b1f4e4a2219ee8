using System.Diagnostics;
using System.Globalization;
using FlexEdit.Tests.Unit.Gateway.Running;
using FlexEdit.Tests.Unit.Storage;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Gateway.Access;

/// <summary>
/// <c>benchmark/timing</c>: how long the answer takes to another tenant's id and to one that nobody has. <see cref="IsolationTests"/> holds that
/// both run the same statements; this shows what a clock makes of what is left.
/// </summary>
public sealed class TimingOfIds(KeyedServer server, ITestOutputHelper output) : IClassFixture<KeyedServer>
{
    private const int Warming = 300;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Explicit = true)]
    public async Task Prints_both_distributions()
    {
        var count = int.Parse(Environment.GetEnvironmentVariable("FLEXEDIT_TIMING_REQUESTS") ?? "2000", CultureInfo.InvariantCulture);
        using var owner = await server.ClientOfAsync(StorageUnderTest.Tenant);
        using var stranger = await server.ClientOfAsync("stranger");
        using var form = Answers.GoodForm();
        using var submitted = await owner.PostEditAsync(form);
        var edit = (string)(await submitted.BodyAsync())["id"]!;
        var webhook = (string)(await (await owner.PostAsync("/v1/webhooks", Answers.Json("""{"url":"https://example.org/"}"""), Token)).BodyAsync())["id"]!;
        var batch = (string)(await (await owner.PostAsync("/v1/batches", Answers.Json("""{"requests":[{"instruction":"remove it"}]}"""), Token)).BodyAsync())["id"]!;
        output.WriteLine($"{"",-34} {"p10",8} {"p50",8} {"p90",8} {"p99",8}   microseconds, {count} requests each, in turns");
        foreach (var path in new[] { $"/v1/edits/{edit}", $"/v1/edits/{edit}/manifest", $"/v1/edits/{edit}/outputs/0", $"/v1/webhooks/{webhook}", $"/v1/batches/{batch}" })
        {
            var id = path.Split('/')[3];
            var unknown = path.Replace(id, $"{id[..4]}{new string('0', 25)}{(id[^1] == 'z' ? 'y' : 'z')}", StringComparison.Ordinal);
            var (foreign, nobodys) = (new List<double>(), new List<double>());
            for (var i = 0; i < Warming + count; i++)
            {
                // Either goes first as often.
                foreach (var (address, times) in i % 2 == 0 ? new[] { (path, foreign), (unknown, nobodys) } : [(unknown, nobodys), (path, foreign)])
                {
                    var asked = Stopwatch.GetTimestamp();
                    using (var answer = await stranger.GetAsync(address, Token))
                        ((int)answer.StatusCode).ShouldBe(404);
                    if (i >= Warming)
                        times.Add(Stopwatch.GetElapsedTime(asked).TotalMicroseconds);
                }
            }
            Write($"{path.Replace(id, "…", StringComparison.Ordinal)} another's", foreign);
            Write($"{path.Replace(id, "…", StringComparison.Ordinal)} nobody's", nobodys);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  a request for another's takes longer than one for nobody's in {Share(foreign, nobodys):P1} of all pairs"));
        }
    }

    private void Write(string name, List<double> times)
    {
        var sorted = times.Order().ToArray();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{name,-34} {sorted[sorted.Length / 10],8:F0} {sorted[sorted.Length / 2],8:F0} {sorted[sorted.Length * 9 / 10],8:F0} {sorted[sorted.Length * 99 / 100],8:F0}"));
    }

    // A half: no single answer says anything (Mann and Whitney's statistic).
    private static double Share(List<double> one, List<double> other)
    {
        var sorted = other.Order().ToList();
        return one.Average(time => sorted.BinarySearch(time) is var at && at >= 0 ? at : ~at) / sorted.Count;
    }
}
