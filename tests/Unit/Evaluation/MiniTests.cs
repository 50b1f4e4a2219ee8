using System.Runtime.CompilerServices;
using FlexEdit.Evaluation.Cases;
using FlexEdit.Evaluation.Judges;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Evaluation;

public sealed class MiniTests
{
    private static readonly BenchmarkSet Mini = BenchmarkFolder.Read(Path.Combine(Root(), "evaluation/fsmi-edit-mini"));

    [Fact]
    public void The_composition_is_the_papers()
    {
        var cases = Mini.Cases.Select(c => c.Case).ToArray();
        cases.Count(c => c.Kind == EvaluationCase.Single).ShouldBe(80);
        cases.Count(c => c.Kind == EvaluationCase.Multiple).ShouldBe(125);
        foreach (var kind in cases.GroupBy(c => (c.Kind, c.MaskKind)))
            kind.Count().ShouldBeInRange(kind.Key.Kind == EvaluationCase.Single ? 10 : 15, kind.Key.Kind == EvaluationCase.Single ? 10 : 16, kind.Key.ToString());
        cases.Select(c => c.MaskKind).Distinct().Count().ShouldBe(8);
        foreach (var kind in cases.GroupBy(c => c.Kind))
        {
            kind.Count(c => c.Setting == "indoor").ShouldBeInRange((kind.Count() / 2) - 2, (kind.Count() / 2) + 2);
            kind.Where(c => c.Orientation is not null).GroupBy(c => c.Orientation).Count().ShouldBe(4);
        }
        cases.Count(c => c.SubjectKind == "simple").ShouldBeInRange(60, 65);
        cases.Count(c => c.SubjectKind == "complex").ShouldBeInRange(60, 65);
        cases.Count(c => c.Operation == "add_subject").ShouldBeInRange(60, 65);
    }

    [Fact]
    public void Every_case_opens_and_only_its_region_changes()
    {
        foreach (var one in Mini.Cases)
        {
            var pictures = one.Open();
            for (var i = 0; i < pictures.Region.Pixels.Length; i++)
            {
                if (pictures.Region.Pixels[i] == 0 && !pictures.Scene.Pixels.AsSpan(i * 3, 3).SequenceEqual(pictures.Expected.Pixels.AsSpan(i * 3, 3)))
                    throw new ShouldAssertException($"{one.Case.Id} changes outside of its region.");
            }
            pictures.Region.IntersectionOverUnion(pictures.Full).ShouldBeGreaterThan(0.2, one.Case.Id);
        }
    }

    [Fact]
    public void The_judge_knows_every_label()
    {
        var words = JudgeWords.Read(Path.Combine(Root(), "evaluation/judges/judge-clip/words.json"));
        Mini.Cases.Where(c => words.Encode(c.Case.Label!) is null).Select(c => c.Case.Label).ShouldBeEmpty();
        words.Encode("a zeppelin made of jelly").ShouldBeNull();
    }

    private static string Root([CallerFilePath] string thisFile = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "../../.."));
}
