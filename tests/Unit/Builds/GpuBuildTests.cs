using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Builds;

/// <summary>What <c>FlexEditGpu=true</c> chooses, as MSBuild evaluates it; the CUDA packages themselves need not be there.</summary>
public sealed class GpuBuildTests
{
    [Theory]
    [InlineData("true", "TorchSharp-cuda-linux", "Microsoft.ML.OnnxRuntime.Gpu", "packages.gpu.lock.json", "/gpu")]
    [InlineData("false", "TorchSharp", "Microsoft.ML.OnnxRuntime", "", "/artifacts")]
    public void The_switch_chooses_packages_lock_files_and_folder(string gpu, string torch, string onnx, string lockFile, string folder)
    {
        using var graph = Evaluate("models/FlexEdit.Models.csproj", gpu);
        var packages = graph.RootElement.GetProperty("Items").GetProperty("PackageReference").EnumerateArray().Select(p => p.GetProperty("Identity").GetString()!).ToHashSet();
        packages.ShouldContain(torch);
        packages.ShouldContain(onnx);
        string[] others = gpu == "true" ? ["TorchSharp", "libtorch-cpu-linux-x64", "Microsoft.ML.OnnxRuntime"] : ["TorchSharp-cuda-linux", "Microsoft.ML.OnnxRuntime.Gpu"];
        packages.Intersect(others).ShouldBeEmpty();
        var properties = graph.RootElement.GetProperty("Properties");
        Path.GetFileName(properties.GetProperty("NuGetLockFilePath").GetString()).ShouldBe(lockFile);
        properties.GetProperty("ArtifactsPath").GetString().ShouldEndWith(folder);
    }

    [Fact]
    public void Every_chosen_package_has_its_version()
    {
        using var graph = Evaluate("models/FlexEdit.Models.csproj", "true");
        var items = graph.RootElement.GetProperty("Items");
        var versions = items.GetProperty("PackageVersion").EnumerateArray().ToDictionary(p => p.GetProperty("Identity").GetString()!, p => p.GetProperty("Version").GetString()!);
        items.GetProperty("PackageReference").EnumerateArray().Select(p => p.GetProperty("Identity").GetString()!).ShouldBeSubsetOf(versions.Keys);
        // Both builds compile against the same managed assemblies.
        versions["TorchSharp-cuda-linux"].ShouldBe(versions["TorchSharp"]);
        Version.Parse(versions["Microsoft.ML.OnnxRuntime.Gpu"]).ToString(2).ShouldBe(Version.Parse(versions["Microsoft.ML.OnnxRuntime"]).ToString(2));
    }

    private static JsonDocument Evaluate(string project, string gpu)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet")
        {
            WorkingDirectory = Root(),
            RedirectStandardOutput = true,
            ArgumentList = { "msbuild", project, "-nologo", "-getItem:PackageReference", "-getItem:PackageVersion", "-getProperty:NuGetLockFilePath", "-getProperty:ArtifactsPath", $"-p:FlexEditGpu={gpu}" },
            Environment = { ["FLEXEDIT_ARTIFACTS"] = "/nowhere/artifacts", ["MSBUILDDISABLENODEREUSE"] = "1" },
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.ShouldBe(0, output);
        return JsonDocument.Parse(output);
    }

    private static string Root([CallerFilePath] string thisFile = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "../../.."));
}
