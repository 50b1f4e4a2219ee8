using System.Text.Json;
using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Telemetry;

/// <summary>Dashboards and alerts show what there is: every time series that they name is one that the code, ASP.NET Core or KEDA has.</summary>
public sealed partial class DashboardTests
{
    // Of the platform: Microsoft.AspNetCore.Hosting's meter, and KEDA's operator (docs/integrations/prometheus of KEDA 2.18).
    private static readonly string[] s_foreign =
    [
        "http_server_request_duration_seconds_bucket", "http_server_request_duration_seconds_count", "http_server_request_duration_seconds_sum",
        "keda_scaler_metrics_value", "keda_scaler_detail_errors_total",
    ];

    private static string Chart => Path.Combine(Checkout(), "deploy", "helm", "flexedit");

    [Fact]
    public void Every_series_that_an_alert_names_exists() => Unknown(Expressions(File.ReadAllText(Path.Combine(Chart, "files", "rules.yaml")))).ShouldBeEmpty();

    [Fact]
    public void Every_series_that_a_dashboard_names_exists()
    {
        var files = Directory.GetFiles(Path.Combine(Chart, "dashboards"), "*.json");
        files.Length.ShouldBe(2);
        foreach (var file in files)
        {
            using var board = JsonDocument.Parse(File.ReadAllText(file));
            var panels = board.RootElement.GetProperty("panels").EnumerateArray().ToArray();
            panels.Length.ShouldBeGreaterThan(8);
            foreach (var target in panels.SelectMany(panel => panel.GetProperty("targets").EnumerateArray()))
                Unknown(target.GetProperty("expr").GetString()!).ShouldBeEmpty(file);
        }
    }

    [Fact]
    public void A_series_that_does_not_exist_is_found() =>
        Unknown("sum(rate(flexedit_edits_lost_total[5m])) / flexedit_queue_wait_seconds_bucket").ShouldBe(["flexedit_edits_lost_total"]);

    [Fact]
    public void Every_alert_says_how_grave_it_is_and_what_it_means()
    {
        var rules = File.ReadAllText(Path.Combine(Chart, "files", "rules.yaml")).Split("- alert: ").Skip(1).ToArray();
        rules.Length.ShouldBeGreaterThan(10);
        foreach (var rule in rules)
        {
            rule.ShouldContain("expr:");
            rule.ShouldMatch("severity: (page|ticket|info)");
            rule.ShouldContain("summary:");
        }
    }

    [Fact]
    public void Every_instrument_is_described_and_is_in_the_documentation()
    {
        var text = File.ReadAllText(Path.Combine(Checkout(), "docs", "operations", "telemetry.md")) + File.ReadAllText(Path.Combine(Checkout(), "docs", "operations", "webhooks.md"));
        DeclaredMetrics.All.Count.ShouldBeGreaterThan(20);
        foreach (var instrument in DeclaredMetrics.All)
        {
            instrument.Description.ShouldNotBeNullOrEmpty(instrument.Name);
            text.ShouldContain($"`{instrument.Name}`");
        }
    }

    private static IEnumerable<string> Unknown(string expressions) =>
        Name().Matches(Label().Replace(expressions, "")).Select(match => match.Value).Distinct().Where(name => !DeclaredMetrics.Series.Contains(name) && !s_foreign.Contains(name));

    // The expressions of a file of rules: one line, or the lines below "expr: |".
    private static string Expressions(string yaml) => string.Join('\n', Expression().Matches(yaml).Select(match => match.Groups[1].Value));

    private static string Checkout()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "FlexEdit.Services.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("The tests run outside the checkout.");
        return folder;
    }

    [GeneratedRegex(@"\b(?:flexedit|http_server|keda|dotnet|kestrel)_[a-z0-9_]+")]
    private static partial Regex Name();

    [GeneratedRegex(@"""[^""]*""")]
    private static partial Regex Label();

    [GeneratedRegex(@"expr: ((?:\|\n(?:          .*\n)+)|.*)")]
    private static partial Regex Expression();
}
