using System.Runtime.CompilerServices;
using System.Text.Json;
using FlexEdit.Evaluation.Cases;
using FlexEdit.Evaluation.Metrics;
using FlexEdit.Models.Editing;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Evaluation;

/// <summary>The judges that are shipped, on the benchmark's own pictures.</summary>
public sealed class JudgeTests
{
    [Fact]
    public void The_judge_names_what_was_expected()
    {
        using var networks = MetricNetworks.Open(Path.Combine(Root(), "evaluation/judges"));
        networks.Names["clip"].ShouldBe("judge-clip");
        networks.Names["dino"].ShouldBe("judge-dino");
        networks.Names["lpips"].ShouldBe("judge-lpips");
        var cases = BenchmarkFolder.Read(Path.Combine(Root(), "evaluation/fsmi-edit-mini")).Cases.Where(c => c.Case.Kind == EvaluationCase.Multiple).Take(24).ToArray();
        var texts = cases.Select(c => c.Case.Label!).Distinct().ToDictionary(l => l, l => networks.Clip!.EmbedText(l)!);
        var right = cases.Count(c =>
        {
            var pictures = c.Open();
            var seen = networks.Clip!.Embed(PictureMetrics.Foreground(pictures.Expected, pictures.Region));
            return texts.MaxBy(t => PictureMetrics.Cosine(seen, t.Value)).Key == c.Case.Label;
        });
        right.ShouldBeGreaterThan(21);
    }

    [Fact]
    public void Equal_pictures_are_equal_to_every_judge()
    {
        using var networks = MetricNetworks.Open(Path.Combine(Root(), "evaluation/judges"));
        var pictures = BenchmarkFolder.Read(Path.Combine(Root(), "evaluation/fsmi-edit-mini")).Cases[^1].Open();
        networks.Lpips!.Distance(pictures.Scene, pictures.Scene).ShouldBe(0, 1e-6);
        networks.Lpips.Distance(pictures.Scene, pictures.Expected).ShouldBeGreaterThan(0.01);
        var dino = networks.Dino!.Embed(pictures.Scene);
        PictureMetrics.Cosine(dino, dino).ShouldBe(1, 1e-5);
    }

    [Theory]
    [InlineData("judge-clip")]
    [InlineData("judge-dino")]
    public void The_card_belongs_to_the_files(string judge)
    {
        var folder = Path.Combine(Root(), "evaluation/judges", judge);
        using var card = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "card.json")));
        foreach (var digest in card.RootElement.GetProperty("digests").EnumerateObject())
            ModelFolder.DigestOf(Path.Combine(folder, digest.Name)).ShouldBe(digest.Value.GetString(), digest.Name);
    }

    [Fact]
    public void A_word_that_the_judge_does_not_know_has_no_vector()
    {
        using var networks = MetricNetworks.Open(Path.Combine(Root(), "evaluation/judges"));
        networks.Clip!.EmbedText("zeppelin").ShouldBeNull();
    }

    private static string Root([CallerFilePath] string thisFile = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "../../.."));
}
