using System.Text.Json;
using FlexEdit.Evaluation.Cases;
using FlexEdit.Evaluation.Metrics;
using FlexEdit.Evaluation.Reports;
using FlexEdit.Evaluation.Running;
using FlexEdit.Imaging;
using FlexEdit.Imaging.Pixels;
using FlexEdit.Masks;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Evaluation;

public sealed class BenchmarkRunTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("flexedit-run-").FullName;
    private readonly BenchmarkSet _set = new("Two", [Case("single-1", EvaluationCase.Single), Case("multiple-1", EvaluationCase.Multiple)]);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_is_there_is_not_run_again_and_what_failed_is()
    {
        var editor = new Perfect { FailAt = "multiple-1" };
        var run = new BenchmarkRun(_set, _folder);
        await Run(run, editor);
        editor.Edited.ShouldBe(["single-1", "multiple-1"]);
        run.Load("perfect", "free", _set.Cases[1].Case, _set.Cases[1].Open()).Record.Error.ShouldBe("out of paint");

        editor.FailAt = null;
        await Run(run, editor);
        editor.Edited.ShouldBe(["single-1", "multiple-1", "multiple-1"]);
        await Run(run, editor);
        editor.Edited.Count.ShouldBe(3);
        File.WriteAllText(Path.ChangeExtension(run.PicturePath("perfect", "free", "single-1"), ".json"), "{ torn");
        await Run(run, editor);
        editor.Edited.Count.ShouldBe(4);
    }

    [Fact]
    public async Task Another_instruction_is_another_case()
    {
        var editor = new Perfect();
        await Run(new BenchmarkRun(_set, _folder), editor);
        var other = _set with { Cases = [_set.Cases[0] with { Case = _set.Cases[0].Case with { Instruction = "Something else." } }] };
        await Run(new BenchmarkRun(other, _folder), editor);
        editor.Edited.Count.ShouldBe(3);
    }

    [Fact]
    public async Task The_json_has_the_promised_keys_and_missing_networks_make_no_numbers()
    {
        var report = await Report(new Perfect());
        using var json = JsonDocument.Parse(JsonReport.Write(report));
        var free = json.RootElement.GetProperty("summary").GetProperty("free");
        var foreground = free.GetProperty("multiple").GetProperty("foreground");
        foreground.GetProperty("psnr").GetProperty("mean").GetDouble().ShouldBe(100);
        foreground.GetProperty("psnr").GetProperty("ci95").GetArrayLength().ShouldBe(2);
        foreach (var name in (string[])["clip_t", "clip_i", "dino"])
            foreground.GetProperty(name).ValueKind.ShouldBe(JsonValueKind.Null, name);
        foreach (var name in (string[])["psnr", "lpips", "clip_i", "dino"])
            free.GetProperty("multiple").GetProperty("whole").TryGetProperty(name, out _).ShouldBeTrue(name);
        foreach (var name in (string[])["psnr", "ssim", "lpips", "clip_t"])
            free.GetProperty("single").TryGetProperty(name, out _).ShouldBeTrue(name);
        free.GetProperty("understanding").GetProperty("label_top1").GetProperty("mean").GetDouble().ShouldBe(0.5);
        free.GetProperty("understanding").GetProperty("full_mask_iou").GetProperty("mean").GetDouble().ShouldBe(1);
        free.GetProperty("changed_outside").GetProperty("mean").GetDouble().ShouldBe(0);
        json.RootElement.GetProperty("networks").GetProperty("clip").GetString().ShouldBe("none");
        json.RootElement.GetProperty("cases").GetArrayLength().ShouldBe(8);
        json.RootElement.GetProperty("models").TryGetProperty("pasted subject", out _).ShouldBeTrue();
    }

    [Fact]
    public async Task The_tables_are_the_papers_and_say_who_beats_the_baselines()
    {
        var report = await Report(new Perfect());
        var text = new MarkdownReport(report).Write();
        text.ShouldContain("| Method | PSNR ↑ | CLIP-T ↑ | CLIP-I ↑ | DINOv2 ↑ | PSNR ↑ | LPIPS ↓ | CLIP-I ↑ | DINOv2 ↑ |");
        text.ShouldContain("| Method | PSNR ↑ | SSIM ↑ | LPIPS ↓ | CLIP-T ↑ |");
        text.ShouldContain("| CA | DCA | PSNR ↑");
        text.ShouldContain("| perfect | **100.00 [100.00, 100.00]** | – | – | – |");
        // Nothing is better than an untouched background.
        text.ShouldContain("| perfect | 100.00 [100.00, 100.00] | 1.0000");
        text.ShouldContain("| *unchanged* |");
    }

    [Fact]
    public async Task The_page_has_every_case_and_escapes_what_it_shows()
    {
        var run = new BenchmarkRun(_set, _folder);
        var report = await Report(new Perfect());
        var path = Path.Combine(_folder, "report.html");
        HtmlReport.Write(path, report, _set, run, "a < b");
        var page = File.ReadAllText(path);
        page.ShouldContain("id=\"single-1\"");
        page.ShouldContain("Make it &lt;b&gt;");
        page.ShouldContain("a &lt; b");
        page.Split("<img ").Length.ShouldBe(1 + 4 + 5);
    }

    private async Task<BenchmarkReport> Report(Perfect editor)
    {
        var run = new BenchmarkRun(_set, _folder);
        using var networks = MetricNetworks.Open(judges: null);
        var scorer = new CaseScorer(networks, _set);
        var editors = new List<EditorReport>();
        foreach (var one in (IPictureEditor[])[editor, .. Baselines.All])
        {
            await Run(run, one);
            editors.Add(new EditorReport(one.Name, one.Trivial, [.. _set.Cases.Select(c =>
            {
                var (outcome, record) = run.Load(one.Name, "free", c.Case, c.Open());
                return new CaseReport(c.Case, "free", scorer.Score(c.Case, c.Open(), outcome), record);
            })]));
        }
        return new BenchmarkReport("Two", ["free"], networks.Names, editors);
    }

    private static Task Run(BenchmarkRun run, IPictureEditor editor) => run.RunAsync(editor, "free", (_, _, _, _) => { }, TestContext.Current.CancellationToken);

    private static BenchmarkCase Case(string id, string kind)
    {
        var scene = new RgbImage(48, 48);
        scene.Pixels.AsSpan().Fill(90);
        var region = Mask.FromBox(new Box(10, 10, 20, 20), 48, 48);
        var expected = new RgbImage(48, 48, (byte[])scene.Pixels.Clone());
        for (var i = 0; i < region.Pixels.Length; i++)
            expected.Pixels[i * 3] = region.Pixels[i] != 0 ? (byte)250 : expected.Pixels[i * 3];
        var multiple = kind == EvaluationCase.Multiple;
        var read = new EvaluationCase
        {
            Id = id,
            Kind = kind,
            Scene = "scene.png",
            Subject = multiple ? "subject.png" : null,
            Instruction = "Make it <b>red</b>.",
            Mask = new CaseMask(),
            Region = new CaseMask(),
            Expected = new CasePicture { File = "expected.png" },
            Label = "red chair",
            Marked = multiple ? "stool" : "chair",
        };
        var subject = new RgbaImage(8, 8);
        return new BenchmarkCase(read, () => new CasePictures
        {
            Scene = scene,
            SceneFile = PictureEncoder.Png(scene),
            Subject = multiple ? subject : null,
            SubjectFile = multiple ? PictureEncoder.Png(subject) : null,
            Free = region,
            Full = region,
            HasObject = true,
            Region = region,
            Expected = expected,
        });
    }

    // Knows the answer: what a model would have to do to get every point.
    private sealed class Perfect : IPictureEditor
    {
        public List<string> Edited { get; } = [];

        public string? FailAt { get; set; }

        public string Name => "perfect";

        public bool Trivial => false;

        public Task<EditOutcome> EditAsync(EvaluationCase read, CasePictures pictures, Mask mask, CancellationToken cancellationToken)
        {
            Edited.Add(read.Id);
            return read.Id == FailAt
                ? throw new EditFailedException("out of paint")
                : Task.FromResult(new EditOutcome(pictures.Expected, new EditReading { Label = "Chair", Confidence = 0.5, FullMask = pictures.Full }));
        }

        public void Dispose()
        {
        }
    }
}
