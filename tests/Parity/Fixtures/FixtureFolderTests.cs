using System.Reflection;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Parity.Fixtures;

/// <summary>No case without a test, and none without a line of the committed page.</summary>
public sealed class FixtureFolderTests
{
    [Fact]
    public void Every_kind_of_case_has_a_test()
    {
        var tested = typeof(FixtureFolderTests).Assembly.GetTypes().SelectMany(type => type.GetMethods())
            .SelectMany(method => method.GetCustomAttributes<FixtureCasesAttribute>()).Select(attribute => attribute.Kind).ToHashSet();

        var untested = FixtureFolder.Cases.Where(name => !tested.Contains(FixtureCase.KindOf(name)));

        untested.ShouldBeEmpty($"{FixtureFolder.Root} has cases of kinds that no test reads");
    }

    [Fact]
    public void The_committed_page_has_a_line_for_every_case_and_for_nothing_else()
    {
        Assert.SkipWhen(FixtureFolder.IsOther, "The page is about the repository's own cases.");
        var lines = File.ReadLines(ParityPage.Committed).Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('|')).ToArray();

        lines.Select(line => line[1].Trim(' ', '`')).ShouldBe(
            FixtureFolder.Cases, "Write it anew: FLEXEDIT_PARITY_PAGE=$PWD/docs/parity.md ./test --project Parity");
        foreach (var line in lines)
            line[2].Trim().ShouldBe(FixtureCase.KindOf(line[1].Trim(' ', '`')));
    }

    [Fact]
    public void The_page_says_what_was_measured()
    {
        Assert.SkipWhen(FixtureFolder.IsOther, "The page is about the repository's own cases.");
        var names = FixtureFolder.Cases.Take(2).ToArray();

        var page = ParityPage.Render(new Dictionary<string, double?> { [names[0]] = 0.00001234, [names[1]] = null });

        page.ShouldContain($"| `{names[0]}` | {FixtureCase.KindOf(names[0])} | {FixtureCase.ToleranceOf(names[0]):0.#e-0} | 1.2e-5 |");
        page.ShouldContain($"| `{names[1]}` | {FixtureCase.KindOf(names[1])} | exact | exact |");
    }
}
