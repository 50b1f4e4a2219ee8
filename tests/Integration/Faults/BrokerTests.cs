using System.Diagnostics;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Integration.Faults;

/// <summary>What a broker does to its clients by itself. A part of <c>benchmark/chaos --each</c>.</summary>
public sealed class BrokerTests(SharedDeployment deployment) : FaultCase(deployment)
{
    [Fact(Explicit = true)]
    public async Task A_broker_without_disk_refuses_submissions_and_loses_nothing()
    {
        var driver = Driver(steps: 40);
        await driver.SubmitAsync(4, Token);
        await ControlAsync("set_disk_free_limit", "9999GB");
        try
        {
            using var form = new MultipartFormDataContent
            {
                { new ByteArrayContent(Imaging.PictureEncoder.Png(new Imaging.Pixels.RgbImage(32, 32))), "scene", "scene.png" },
                { new StringContent("""[{"type":"circle","cx":10,"cy":10,"r":5}]"""), "mask_shapes" },
                { new StringContent("Remove it."), "instruction" },
            };
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/edits") { Content = form };
            request.Headers.Add("Idempotency-Key", $"disk-{Guid.CreateVersion7():n}");
            using var answer = await Faulty.Local.Http.SendAsync(request, Token);
            ((int)answer.StatusCode).ShouldBe(503);
            using var read = await Faulty.Local.Http.GetAsync("/v1/edits", Token);
            read.IsSuccessStatusCode.ShouldBeTrue();
        }
        finally
        {
            await ControlAsync("set_disk_free_limit", "50MB");
        }
        await driver.SubmitAsync(4, Token);

        await ShouldBeWellAsync(driver, _ => { });
    }

    [Fact(Explicit = true)]
    public async Task A_broker_that_waits_for_no_acknowledgement_any_longer_gets_no_second_result()
    {
        // The least that it can be; it is looked at once a minute, and holds for channels that are opened from now on.
        await ControlAsync("eval", "application:set_env(rabbit, consumer_timeout, 60000).");
        try
        {
            foreach (var name in new[] { "generation-1", "generation-2" })
            {
                var before = Faulty.Local.PidOf(name);
                (await Faulty.Local.SignalAsync(name, "TERM")).ShouldBeTrue();
                await UntilAsync(() => Faulty.Local.PidOf(name) is { } now && now != before);
            }
            var slow = Driver(steps: 4000);
            var id = (await slow.SubmitAsync(Token)).Id!;
            await UntilAsync($"""select count(*) from edits where "Id" = '{id}' and "Status" = 'succeeded'""", count => count == 1, TimeSpan.FromMinutes(5));
            (await CountAsync($"""select count(*) from attempts where "EditId" = '{id}'""")).ShouldBe(2, "the message came again, and nobody began again");
            await ShouldBeWellAsync(slow, _ => { });

            var after = Driver();
            await after.SubmitAsync(8, Token);
            await ShouldBeWellAsync(after, _ => { });
        }
        finally
        {
            await ControlAsync("eval", "application:set_env(rabbit, consumer_timeout, 5400000).");
        }
        Faulty.Local.LogOf("rabbitmq-1", int.MaxValue).ShouldContain("delivery acknowledgement");
    }

    // As the broker's own process sees itself: its node, its cookie, its port mapper.
    private async Task ControlAsync(params string[] command)
    {
        var start = new ProcessStartInfo("/usr/lib/rabbitmq/bin/rabbitmqctl", command) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var setting in (await File.ReadAllTextAsync($"/proc/{Faulty.Local.PidOf("rabbitmq-1")}/environ", Token)).Split('\0').Where(line => line.Contains('=', StringComparison.Ordinal)))
            start.Environment[setting[..setting.IndexOf('=', StringComparison.Ordinal)]] = setting[(setting.IndexOf('=', StringComparison.Ordinal) + 1)..];
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(Token), process.StandardError.ReadToEndAsync(Token));
        await process.WaitForExitAsync(Token);
        process.ExitCode.ShouldBe(0, $"{await output}{await error}");
    }
}
