using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace FlexEdit.Tests.Unit.Cli;

/// <summary>The documents name files by their paths; a file that moves has to move there too.</summary>
public sealed partial class DocumentedPathsTests
{
    private static readonly string s_root = FindRoot();

    public static TheoryData<string> Documents =>
        [.. Directory.EnumerateFiles(Path.Combine(s_root, "docs"), "*.md", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(s_root, "*.md"))
            .Select(file => Path.GetRelativePath(s_root, file))
            .Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Names_only_files_that_exist(string document)
    {
        var text = File.ReadAllText(Path.Combine(s_root, document));
        var folder = Path.GetDirectoryName(document) ?? "";
        var named = CodePath().Matches(text).Select(match => match.Groups[1].Value)
            .Where(path => Directory.Exists(Path.Combine(s_root, path[..path.IndexOf('/', StringComparison.Ordinal)])));
        var linked = RelativeLink().Matches(text).Select(match => Path.Combine(folder, match.Groups[1].Value));

        named.Concat(linked).Where(path => !Exists(path)).ShouldBeEmpty($"{document} names files that do not exist");
    }

    [Fact]
    public void The_walk_through_names_its_files() =>
        CodePath().Count(File.ReadAllText(Path.Combine(s_root, "docs/architecture.md"))).ShouldBeGreaterThan(30);

    private static bool Exists(string path)
    {
        var full = Path.Combine(s_root, path);
        return File.Exists(full) || Directory.Exists(full);
    }

    // `services/storage/Program.cs`, `models/Clip/`: code that begins with a folder and has nothing but a path in it.
    [GeneratedRegex(@"`((?:\.?[A-Za-z0-9_-]+/)[A-Za-z0-9._/-]*)`")]
    private static partial Regex CodePath();

    // [text](target), without addresses and anchors.
    [GeneratedRegex(@"\]\((?![a-z]+:|#|/)([^)#\s]+)(?:#[^)]*)?\)")]
    private static partial Regex RelativeLink();

    private static string FindRoot([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "../../.."));
}
