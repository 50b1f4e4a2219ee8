using System.Diagnostics;
using FlexEdit.Tests.Integration.Hosting;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace FlexEdit.Tests.Integration.Chart;

/// <summary>
/// Renders the chart with helm, from the folder that <c>FLEXEDIT_CLUSTER_TOOLS</c> names or from the PATH. Tests that need it are skipped with a sentence
/// where there is none.
/// </summary>
internal static class Helm
{
    public const string Skipped = "There is no helm here: set FLEXEDIT_CLUSTER_TOOLS to a folder that has it, or install it.";

    /// <summary>The Kubernetes version that is rendered for.</summary>
    public const string KubeVersion = "1.34.0";

    public static string Chart { get; } = Path.Combine(Checkout.Root, "deploy", "helm", "flexedit");

    public static string? Tools { get; } = Environment.GetEnvironmentVariable("FLEXEDIT_CLUSTER_TOOLS") is { Length: > 0 } folder && Directory.Exists(folder) ? folder : null;

    /// <summary>A program of the tools, or of the PATH; null where there is none.</summary>
    public static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Prepend(Tools ?? "").Where(folder => folder.Length > 0)
            .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>Renders the chart; what helm prints and how it ended.</summary>
    public static async Task<(int Code, string Output, string Error)> RunAsync(string verb, params string[] arguments)
    {
        var helm = Find("helm");
        Assert.SkipWhen(helm is null, Skipped);
        return await DoAsync(helm!, [verb, .. arguments]);
    }

    /// <summary>The manifests of a values file, rendered.</summary>
    public static async Task<string> TemplateAsync(string values, params string[] arguments)
    {
        var (code, output, error) = await RunAsync(
            "template", ["flexedit", Chart, "--namespace", "flexedit", "--kube-version", KubeVersion, "--values", Path.Combine(Chart, values), .. arguments]);
        return code == 0 ? output : throw new InvalidOperationException(error);
    }

    /// <summary>The manifests of a values file, read.</summary>
    public static async Task<IReadOnlyList<Manifest>> ManifestsAsync(string values, params string[] arguments)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(await TemplateAsync(values, arguments)));
        return [.. stream.Documents.Where(document => document.RootNode is YamlMappingNode).Select(document => new Manifest((YamlMappingNode)document.RootNode))];
    }

    public static async Task<(int Code, string Output, string Error)> DoAsync(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }
}
