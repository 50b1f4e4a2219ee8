using System.Text.Json;
using FlexEdit.Cli.Commands;
using FlexEdit.Cli.Showing;
using FlexEdit.Tests.EndToEnd.Hosting;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.EndToEnd.Results;

/// <summary>A small run of <c>flexedit bench fsmi</c> through the public API, as a user runs it.</summary>
[Collection(ServerCollection.Name)]
public sealed class BenchmarkTests(StandaloneServer server) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("flexedit-bench").FullName;
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    [Fact]
    public async Task The_api_and_this_process_give_the_same_picture_and_the_same_report()
    {
        var byApi = await BenchAsync("api", "flexedit-tiny");
        var here = await BenchAsync("inprocess", Path.Combine(Checkout.Models, "flexedit-tiny"));

        byApi.GetProperty("cases").GetArrayLength().ShouldBe(2 * 5);
        var free = byApi.GetProperty("summary").GetProperty("free");
        free.GetProperty("multiple").GetProperty("foreground").GetProperty("psnr").GetProperty("mean").GetDouble().ShouldBeInRange(3, 100);
        free.GetProperty("changed_outside").GetProperty("mean").GetDouble().ShouldBeInRange(0, 0.5);
        foreach (var (api, local) in byApi.GetProperty("cases").EnumerateArray().Zip(here.GetProperty("cases").EnumerateArray()))
        {
            api.GetProperty("id").GetString().ShouldBe(local.GetProperty("id").GetString());
            api.GetProperty("label").GetString().ShouldBe(local.GetProperty("label").GetString());
            // The server has other threads: sums differ in their last bits, and some pixels by one.
            foreach (var score in api.GetProperty("scores").EnumerateObject())
                score.Value.GetDouble().ShouldBe(local.GetProperty("scores").GetProperty(score.Name).GetDouble(), 0.05, $"{api.GetProperty("id")} {score.Name}");
        }
    }

    [Fact]
    public async Task The_doors_give_the_same_pixels_as_the_api()
    {
        await BenchAsync("api", "flexedit-tiny");
        foreach (var door in new[] { "openai", "replicate" })
        {
            await BenchAsync(door, "flexedit-tiny");
            var pictures = Directory.GetFiles(Path.Combine(_folder, door, "flexedit-tiny", "free"), "*.png");
            pictures.Length.ShouldBe(2);
            foreach (var picture in pictures)
                File.ReadAllBytes(picture).ShouldBe(File.ReadAllBytes(Path.Combine(_folder, "api", "flexedit-tiny", "free", Path.GetFileName(picture))), picture);
        }
        // A model by its owner, as Replicate's users name models.
        await BenchAsync("replicate", "flexedit/flexedit-tiny");
    }

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        _output.Dispose();
        _error.Dispose();
    }

    private async Task<JsonElement> BenchAsync(string via, string model)
    {
        var json = Path.Combine(_folder, via + ".json");
        string[] arguments =
        [
            "bench", "fsmi", "--server", server.Process.Address.ToString(), "--model", model, "--via", via, "--masks", "free", "--limit", "1",
            "--cases", Path.Combine(Checkout.Root, "evaluation", "fsmi-edit-mini"), "--judges", Path.Combine(Checkout.Root, "evaluation", "judges"),
            "--out", Path.Combine(_folder, via), "--json", json,
        ];
        var code = await FlexEditCommand.RunAsync(arguments, Terminal.To(_output, _error), TestContext.Current.CancellationToken);
        code.ShouldBe(ExitCode.Done, $"{_output}\n{_error}");
        File.ReadAllText(Path.Combine(_folder, via, "report.html")).ShouldContain("single-001");
        using var report = JsonDocument.Parse(await File.ReadAllTextAsync(json, TestContext.Current.CancellationToken));
        return report.RootElement.Clone();
    }
}
