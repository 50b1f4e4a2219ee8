using System.Diagnostics;
using System.Text.Json.Nodes;
using FlexEdit.Tests.Integration.Hosting;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Integration.Reference;

/// <summary>What packages of others say about the document and its page; <c>tests/Contract/install</c> fetches them.</summary>
public sealed class LintTests
{
    private static readonly string s_packages = Path.Combine(Checkout.Root, "tests", "Contract", "node_modules");
    private static readonly string s_document = Path.Combine(Checkout.Root, "docs", "openapi.json");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_linter_has_nothing_against_the_document()
    {
        var (code, said) = await LintAsync(s_document);

        code.ShouldBe(0, said);
    }

    [Fact]
    public async Task The_linter_finds_a_reference_to_nothing()
    {
        var document = JsonNode.Parse(await File.ReadAllTextAsync(s_document, Token))!;
        document["components"]!["schemas"]!.AsObject().Remove("Edit").ShouldBeTrue();
        var folder = Directory.CreateTempSubdirectory("flexedit-lint-");
        try
        {
            var damaged = Path.Combine(folder.FullName, "openapi.json");
            await File.WriteAllTextAsync(damaged, document.ToJsonString(), Token);

            var (code, said) = await LintAsync(damaged);

            code.ShouldBe(1, said);
            said.ShouldContain("Can't resolve $ref");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("swagger-ui-bundle.js")]
    [InlineData("swagger-ui-bundle.js.LICENSE.txt")]
    [InlineData("swagger-ui.css")]
    [InlineData("LICENSE")]
    [InlineData("NOTICE")]
    public async Task The_page_has_the_files_of_the_pinned_package(string file)
    {
        SkipWithoutPackages();

        var ours = await File.ReadAllBytesAsync(Path.Combine(Checkout.Root, "services", "gateway", "Reference", "ui", file), Token);

        var theirs = await File.ReadAllBytesAsync(Path.Combine(s_packages, "swagger-ui-dist", file), Token);
        ours.SequenceEqual(theirs).ShouldBeTrue();
    }

    private static async Task<(int Code, string Said)> LintAsync(string document)
    {
        SkipWithoutPackages();
        var start = new ProcessStartInfo(Path.Combine(s_packages, ".bin", "redocly"), ["lint", document, "--extends", "recommended"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // A settings file of somebody else's folder must not count.
            WorkingDirectory = s_packages,
        };
        start.Environment["REDOCLY_TELEMETRY"] = "off";
        start.Environment["REDOCLY_SUPPRESS_UPDATE_NOTICE"] = "true";
        using var linter = Process.Start(start)!;
        var said = await Task.WhenAll(linter.StandardOutput.ReadToEndAsync(Token), linter.StandardError.ReadToEndAsync(Token));
        await linter.WaitForExitAsync(Token);
        return (linter.ExitCode, string.Concat(said));
    }

    private static void SkipWithoutPackages() => Assert.SkipUnless(
        File.Exists(Path.Combine(s_packages, ".installed-lock.json")), "The packages of tests/Contract are not installed; run tests/Contract/install.");
}
