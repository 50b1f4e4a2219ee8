using System.Diagnostics;
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

    private sealed class Open(bool allowed) : GatewayServer
    {
        protected override string Address => "http://0.0.0.0:0";

        protected override IReadOnlyDictionary<string, string?> Settings =>
            new Dictionary<string, string?> { ["FlexEdit:Gateway:AllowAnonymous"] = allowed.ToString() };
    }
}
