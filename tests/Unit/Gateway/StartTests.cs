using System.Diagnostics;
using System.Net;
using FlexEdit.Platform.Hosting;
using FlexEdit.Tests.Unit.Gateway.Running;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Gateway;

public class StartTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Does_not_start_without_keys_where_others_reach_it()
    {
        await using var server = new Open(allowed: false);
        var problem = await Should.ThrowAsync<Exception>(server.InitializeAsync().AsTask());
        HostRunner.Explain(problem).ShouldNotBeNull().Single().ShouldContain("FLEXEDIT__Gateway__AllowAnonymous=true");
    }

    [Fact]
    public async Task Starts_there_when_the_operator_says_so()
    {
        await using var server = new Open(allowed: true);
        await server.InitializeAsync();
    }

    [Fact]
    public async Task Serves_operators_on_their_port_though_others_reach_it_and_nobody_else_on_any()
    {
        await using var server = new Watched();
        await server.InitializeAsync();
        using var pages = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{server.Port}") };
        (await server.Client.GetAsync("/v1/models", Token)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await pages.GetStringAsync("/metrics", Token)).ShouldContain("# TYPE http_server_request_duration_seconds histogram");
        foreach (var path in new[] { "/", "/v1/models", "/v1/edits", "/docs", "/healthz/live" })
            (await pages.GetAsync(path, Token)).StatusCode.ShouldBe(HttpStatusCode.NotFound, path);
        foreach (var path in new[] { "/metrics", "/outstanding" })
            (await server.Client.GetAsync(path, Token)).StatusCode.ShouldBe(HttpStatusCode.NotFound, path);
    }

    [Fact]
    public async Task Does_not_start_with_an_address_for_operators_that_is_none()
    {
        await using var server = new Watched("9464");
        var problem = await Should.ThrowAsync<Exception>(server.InitializeAsync().AsTask());
        HostRunner.Explain(problem).ShouldNotBeNull().Single().ShouldContain("FLEXEDIT__Telemetry__Url is '9464'");
    }

    [Fact]
    public async Task The_gateways_own_program_refuses_the_transport_that_ends_at_the_process()
    {
        var start = new ProcessStartInfo(Children.Command.Program) { RedirectStandardError = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var said = await process.StandardError.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        process.ExitCode.ShouldBe(HostRunner.CannotStart);
        said.ShouldContain("FLEXEDIT__Bus__Transport");
        said.ShouldNotContain("   at ");
    }

    private sealed class Watched(string? url = null) : GatewayServer
    {
        public int Port { get; } = FreePorts.Next();

        protected override IReadOnlyDictionary<string, string?> Settings =>
            new Dictionary<string, string?> { ["FlexEdit:Telemetry:Url"] = url ?? $"http://0.0.0.0:{Port}" };
    }

    private sealed class Open(bool allowed) : GatewayServer
    {
        protected override string Address => "http://0.0.0.0:0";

        protected override IReadOnlyDictionary<string, string?> Settings =>
            new Dictionary<string, string?> { ["FlexEdit:Gateway:AllowAnonymous"] = allowed.ToString() };
    }
}
