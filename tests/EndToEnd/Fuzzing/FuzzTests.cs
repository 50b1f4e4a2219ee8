using System.Globalization;
using System.Text;
using FlexEdit.Tests.EndToEnd.Hosting;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.EndToEnd.Fuzzing;

/// <summary>
/// Requests that are made of docs/openapi.json, good and bad ones of every operation, against a server as a process: no answer is other than the document
/// declares it, none says that the server failed, and the server neither ends nor grows.
/// </summary>
[Collection(OwnServerCollection.Name)]
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const int MostComplaints = 12;
    private const long MostGrowth = 256 << 20;
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan s_listening = TimeSpan.FromMilliseconds(300);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public Task Answers_as_declared() => RunAsync(1500, 1);

    /// <summary><c>benchmark/fuzz --requests N --seed S</c>.</summary>
    [Fact(Explicit = true)]
    public Task Answers_as_declared_for_long() => RunAsync(Setting("FLEXEDIT_FUZZ_REQUESTS", 20_000), (ulong)Setting("FLEXEDIT_FUZZ_SEED", 1));

    private async Task RunAsync(int requests, ulong seed)
    {
        output.WriteLine($"{requests} requests, seed {seed}");
        await using var server = new FuzzServer();
        await server.StartAsync();
        var (own, foreign) = (new KnownIds(), new KnownIds());
        using var stranger = await server.TenantAsync("stranger", foreign, Token);
        using var client = await server.TenantAsync("fuzzer", own, Token);
        var api = new ApiDescription();
        var schemas = new Schemas(api);
        var (maker, rules) = (new RequestMaker(api, schemas, own, foreign, seed), new AnswerRules(api, schemas));
        var complaints = new List<string>();
        var answers = api.Operations.ToDictionary(operation => operation, _ => new SortedDictionary<int, int>());
        var memory = 0L;
        for (var i = 0; i < requests && complaints.Count < MostComplaints; i++)
        {
            var request = maker.Make(i);
            try
            {
                using var message = request.ToMessage(server.Process.Address);
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
                limit.CancelAfter(s_longest);
                using var answer = await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, limit.Token);
                var body = await BodyAsync(answer, limit.Token);
                if (answer.IsSuccessStatusCode)
                    own.Learn(Encoding.UTF8.GetString(body));
                var counts = answers[request.Operation];
                counts[(int)answer.StatusCode] = counts.GetValueOrDefault((int)answer.StatusCode) + 1;
                complaints.AddRange(rules.Complaints(request, answer, body).Select(complaint => $"#{i} {complaint}\n  {request}"));
            }
            catch (Exception broken) when (broken is HttpRequestException or IOException or OperationCanceledException && !Token.IsCancellationRequested)
            {
                complaints.Add($"#{i} {broken.Message}\n  {request}");
            }

            if (i == requests / 3)
                memory = server.Process.ResidentMemory();
        }

        foreach (var (operation, counts) in answers)
            output.WriteLine($"{operation}: {string.Join(", ", counts.Select(count => $"{count.Key} x {count.Value}"))}");
        complaints.ShouldBeEmpty($"seed {seed}\n{string.Join('\n', complaints)}");
        server.Process.IsRunning.ShouldBeTrue(server.Process.Log);
        output.WriteLine($"{memory >> 20} MiB after a third, {server.Process.ResidentMemory() >> 20} MiB at the end");
        server.Process.ResidentMemory().ShouldBeLessThan(memory + MostGrowth);
        server.Uploads.ShouldBeEmpty();
        // Otherwise it would prove little.
        answers.Where(one => !one.Value.Keys.Any(status => status < 400)).Select(one => one.Key.Id).ShouldBeEmpty();
        answers.Where(one => one.Key.Parameters.Count + one.Key.Bodies.Count > 0 && !one.Value.Keys.Any(status => status >= 400)).Select(one => one.Key.Id).ShouldBeEmpty();
    }

    // Of events only what comes at once: an edit that waits for its approval has all day.
    private static async Task<byte[]> BodyAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        if (answer.Content.Headers.ContentType?.MediaType != "text/event-stream")
            return await answer.Content.ReadAsByteArrayAsync(cancellationToken);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        enough.CancelAfter(s_listening);
        var body = new MemoryStream();
        try
        {
            await using var stream = await answer.Content.ReadAsStreamAsync(enough.Token);
            await stream.CopyToAsync(body, enough.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Whole events only.
            var end = Encoding.UTF8.GetString(body.ToArray()).LastIndexOf("\n\n", StringComparison.Ordinal);
            return end < 0 ? [] : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(body.ToArray())[..(end + 2)]);
        }
        return body.ToArray();
    }

    private static int Setting(string name, int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : usual;
}
