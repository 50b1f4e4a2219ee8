using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using FlexEdit.Tests.Integration.Faults;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Integration.Local;

/// <summary><c>deploy/local/up</c> and <c>down</c> do what their help says.</summary>
public sealed class LocalTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everything_comes_up_works_comes_back_and_goes_down()
    {
        int[] pids;
        string folder;
        await using (var local = await LocalDeployment.UpAsync(FaultyDeployment.Simulated("00:00:00"), _ => true, "--gateways", "2", "--storages", "2"))
        {
            folder = local.Folder;
            local.Names.ShouldBe([
                "balancer-1", "ceph-mon-1", "ceph-osd-1", "ceph-rgw-1", "epmd-1", "front-1", "gateway-1", "gateway-2", "generation-1", "generation-2",
                "postgres-1", "rabbitmq-1", "storage-1", "storage-2", "understanding-1",
            ]);
            foreach (var name in new[] { "GATEWAY_URL", "API_KEY", "POSTGRES", "RABBITMQ", "RABBITMQ_MANAGEMENT", "S3_ENDPOINT", "S3_ACCESS_KEY", "S3_SECRET_KEY", "S3_BUCKET" })
                local[name].ShouldNotBeNull();

            await EditAsync(local);
            await ComesBackAsync(local, "generation-1");
            await ComesBackAsync(local, "postgres-1");
            await EditAsync(local);
            pids = [.. local.Names.Select(local.PidOf).OfType<int>()];
            pids.Length.ShouldBe(15);

            await Should.ThrowAsync<InvalidOperationException>(() => LocalDeployment.ScriptAsync("up", new Dictionary<string, string>(), "--run-dir", folder, "--no-build"));
            (await LocalDeployment.ScriptAsync("down", new Dictionary<string, string>(), "--run-dir", folder)).ShouldContain("Stopped 15 processes");
            (await LocalDeployment.ScriptAsync("down", new Dictionary<string, string>(), "--run-dir", folder)).ShouldContain("Nothing runs");
        }
        pids.Where(pid => Directory.Exists($"/proc/{pid}")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("up", "--run-dir", "Say where", "")]
    [InlineData("up", "--generations", "wants a number", "none")]
    [InlineData("up", "--what", "Unknown option --what", "")]
    [InlineData("down", "--what", "Unknown option --what", "")]
    public async Task Wrong_arguments_are_said(string script, string option, string sentence, string value)
    {
        string[] arguments = option == "--run-dir" ? [] : value.Length > 0 ? [option, value] : [option];
        (await Should.ThrowAsync<InvalidOperationException>(() => LocalDeployment.ScriptAsync(script, new Dictionary<string, string>(), arguments)))
            .Message.ShouldContain(sentence);
    }

    private static async Task EditAsync(LocalDeployment local)
    {
        var driver = new LoadDriver(local.Http, Random.Shared.Next());
        await driver.SubmitAsync(2, Token);
        var verdict = await new Checker(local, driver).CheckAsync(TimeSpan.FromSeconds(60), Token);
        verdict.IsClean.ShouldBeTrue(verdict.ToString());
        verdict.Succeeded.ShouldBe(2, verdict.ToString());

        // A download may come from the store itself.
        var job = JsonDocument.Parse(await local.Http.GetStringAsync($"/v1/edits/{driver.Accepted[0]}", Token)).RootElement.GetProperty("outputs")[0];
        using var plain = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = local.Http.BaseAddress };
        plain.DefaultRequestHeaders.Authorization = local.Http.DefaultRequestHeaders.Authorization;
        using var redirect = await plain.GetAsync($"{job.GetProperty("url").GetString()}?redirect=true", Token);
        redirect.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        using var store = new HttpClient();
        var picture = await store.GetByteArrayAsync(redirect.Headers.Location, Token);
        Convert.ToHexStringLower(SHA256.HashData(picture)).ShouldBe(job.GetProperty("sha256").GetString());
    }

    private static async Task ComesBackAsync(LocalDeployment local, string name)
    {
        var before = local.PidOf(name).ShouldNotBeNull();
        (await local.SignalAsync(name, "KILL")).ShouldBeTrue();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (local.PidOf(name) is not { } now || now == before)
            await poll.WaitForNextTickAsync(limit.Token);
    }
}
