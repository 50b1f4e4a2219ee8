using System.Diagnostics;
using FlexEdit.Tests.EndToEnd.Hosting;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.EndToEnd.Results;

/// <summary>What <c>./run</c> does in a clone in which nothing was built yet; the build itself is only said.</summary>
public sealed class FirstBuildTests : IDisposable
{
    private readonly string _artifacts = Directory.CreateTempSubdirectory("flexedit-first-").FullName;

    public void Dispose() => Directory.Delete(_artifacts, recursive: true);

    [Fact]
    public async Task A_fresh_clone_is_built()
    {
        const string script = """
            set -euo pipefail
            root=$1
            . "$root/.ci/environment.sh"
            sdk=10
            restore() { :; }
            compile() { printf 'compiles %s\n' "${1##*/}"; }
            build_programs
            """;
        var start = new ProcessStartInfo("bash", ["-c", script, "bash", Checkout.Root])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["FLEXEDIT_ARTIFACTS"] = _artifacts },
        };
        using var bash = Process.Start(start)!;

        var said = await Task.WhenAll(bash.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), bash.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await bash.WaitForExitAsync(TestContext.Current.CancellationToken);

        bash.ExitCode.ShouldBe(0, string.Concat(said));
        said[0].ShouldContain("compiles FlexEdit.Standalone.csproj");
        said[0].ShouldContain("compiles FlexEdit.Cli.csproj");
    }
}
