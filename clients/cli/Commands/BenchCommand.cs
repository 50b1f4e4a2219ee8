using System.CommandLine;
using FlexEdit.Cli.Benchmarks;
using FlexEdit.Cli.Showing;
using FlexEdit.Evaluation.Cases;
using FlexEdit.Evaluation.Metrics;
using FlexEdit.Evaluation.Reports;
using FlexEdit.Evaluation.Running;
using Spectre.Console;

namespace FlexEdit.Cli.Commands;

/// <summary><c>flexedit bench fsmi</c>: evaluates models on FSMI-Edit-Mini, or on any benchmark in its format.</summary>
public sealed class BenchCommand
{
    private readonly Option<string[]> _models = new("--model") { Description = "A model's id; with --via inprocess also a model folder. May be given several times", HelpName = "ID", Required = true, AllowMultipleArgumentsPerToken = false };
    private readonly Option<string> _via = new("--via") { Description = "api (the server), inprocess, openai or replicate (a server that speaks theirs)", HelpName = "WAY", DefaultValueFactory = _ => "api" };
    private readonly Option<string> _masks = new("--masks") { Description = "full, free or both", HelpName = "LIST", DefaultValueFactory = _ => "full,free" };
    private readonly Option<string?> _cases = new("--cases") { Description = "A benchmark folder, magicbrush:DIR or coco:ANNOTATIONS,PICTURES (FSMI-Edit-Mini)", HelpName = "WHAT" };
    private readonly Option<int> _limit = new("--limit") { Description = "Only the first cases of each kind", HelpName = "N", DefaultValueFactory = _ => int.MaxValue };
    private readonly Option<string> _out = new("--out") { Description = "Folder for results and reports; a second run goes on there", HelpName = "DIR", DefaultValueFactory = _ => "out/fsmi" };
    private readonly Option<string?> _json = new("--json") { Description = "The report as JSON", HelpName = "FILE" };
    private readonly Option<string?> _judges = new("--judges") { Description = "Folder of the judges (found above the program)", HelpName = "DIR" };
    private readonly Option<string?> _clip = new("--clip") { Description = "A published CLIP instead of judge-clip", HelpName = "DIR" };
    private readonly Option<string?> _dino = new("--dino") { Description = "A published DINOv2 instead of judge-dino", HelpName = "DIR" };
    private readonly Option<string?> _lpips = new("--lpips") { Description = "The published LPIPS instead of judge-lpips", HelpName = "DIR" };
    private readonly Option<string?> _withoutCa = new("--without-ca") { Description = "Of the models: the one for Tables 3 and 4 without cross-attention", HelpName = "ID" };
    private readonly Option<string?> _withoutDca = new("--without-dca") { Description = "Likewise without decoupled cross-attention", HelpName = "ID" };

    /// <summary>The command <c>bench</c> with its one benchmark.</summary>
    public static Command Create(Terminal terminal, ServerOptions server) =>
        new("bench", "Evaluate models") { new BenchCommand().Fsmi(terminal, server) };

    private Command Fsmi(Terminal terminal, ServerOptions server)
    {
        _via.AcceptOnlyFromAmong("api", "inprocess", "openai", "replicate");
        _masks.Validators.Add(result =>
        {
            foreach (var name in MasksOf(result.GetValueOrDefault<string>()))
            {
                if (name is not (BenchmarkRun.FullMasks or BenchmarkRun.FreeMasks))
                    result.AddError($"--masks knows full and free, not '{name}'.");
            }
        });
        var command = new Command("fsmi", "Evaluate models on free-shape mask edits")
            { _models, _via, _masks, _cases, _limit, _out, _json, _judges, _clip, _dino, _lpips, _withoutCa, _withoutDca };
        command.SetGuardedAction(terminal, async (parsed, cancellationToken) =>
        {
            var set = Limit(BenchmarkSource.Open(parsed.GetValue(_cases)), parsed.GetValue(_limit));
            var run = new BenchmarkRun(set, parsed.GetRequiredValue(_out));
            var masks = MasksOf(parsed.GetRequiredValue(_masks));
            using var networks = MetricNetworks.Open(parsed.GetValue(_judges) ?? BenchmarkSource.Above("evaluation/judges"), parsed.GetValue(_clip), parsed.GetValue(_dino), parsed.GetValue(_lpips));
            var scorer = new CaseScorer(networks, set);
            var reports = new List<EditorReport>();
            foreach (var model in parsed.GetRequiredValue(_models))
            {
                using var editor = EditorSource.Open(parsed.GetRequiredValue(_via), model, server, parsed);
                reports.Add(await EvaluateAsync(editor, run, set, masks, scorer, terminal, cancellationToken));
            }
            foreach (var baseline in Baselines.All)
                reports.Add(await EvaluateAsync(baseline, run, set, masks, scorer, terminal, cancellationToken));
            Write(parsed, new BenchmarkReport(set.Name, masks, networks.Names, reports), set, run, terminal);
            return reports.Any(r => !r.Trivial && masks.Any(m => r.Failed(m) > 0)) ? ExitCode.Failed : ExitCode.Done;
        });
        return command;
    }

    private static async Task<EditorReport> EvaluateAsync(
        IPictureEditor editor, BenchmarkRun run, BenchmarkSet set, IReadOnlyList<string> masks, CaseScorer scorer, Terminal terminal, CancellationToken cancellationToken)
    {
        var cases = new List<CaseReport>();
        foreach (var kind in masks)
        {
            await run.RunAsync(
                editor, kind,
                (done, of, there, error) =>
                {
                    if (error is not null)
                        terminal.Error.WriteLine($"{editor.Name}, {kind} masks, case {done}: {error}");
                    else if (!editor.Trivial && !there && (done % 20 == 0 || done == of))
                        terminal.Out.WriteLine(Wording.Invariant($"{editor.Name}, {kind} masks: {done} of {of}"));
                },
                cancellationToken);
            foreach (var one in set.Cases)
            {
                var pictures = one.Open();
                var (outcome, record) = run.Load(editor.Name, kind, one.Case, pictures);
                cases.Add(new CaseReport(one.Case, kind, scorer.Score(one.Case, pictures, outcome), record));
            }
        }
        return new EditorReport(editor.Name, editor.Trivial, cases);
    }

    private void Write(ParseResult parsed, BenchmarkReport report, BenchmarkSet set, BenchmarkRun run, Terminal terminal)
    {
        var folder = parsed.GetRequiredValue(_out);
        var tables = new MarkdownReport(report, parsed.GetValue(_withoutCa), parsed.GetValue(_withoutDca)).Write();
        File.WriteAllText(Path.Combine(folder, "report.md"), tables);
        HtmlReport.Write(Path.Combine(folder, "report.html"), report, set, run, tables);
        if (parsed.GetValue(_json) is { } json)
            File.WriteAllText(json, JsonReport.Write(report));
        foreach (var (metric, network) in report.Networks.Where(n => n.Value == "none"))
            terminal.Error.WriteLine($"No network for {metric}: its columns are empty. See --judges and --{metric}.");
        terminal.Out.WriteLine($"{Path.Combine(folder, "report.md")}, {Path.Combine(folder, "report.html")}");
    }

    private static BenchmarkSet Limit(BenchmarkSet set, int limit) =>
        limit == int.MaxValue ? set : set with { Cases = [.. set.Cases.GroupBy(c => c.Case.Kind).SelectMany(g => g.Take(limit))] };

    private static string[] MasksOf(string list) => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
