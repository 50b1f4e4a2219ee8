using System.Reflection;

namespace FlexEdit.Tests.Parity.Fixtures;

/// <summary>
/// Where the reference outputs lie: the folder named by <c>FLEXEDIT_FIXTURES</c>, or the one in the checkout that this assembly was built from.
/// </summary>
public static class FixtureFolder
{
    private static readonly string? Other = Environment.GetEnvironmentVariable("FLEXEDIT_FIXTURES") is { Length: > 0 } folder ? folder : null;

    private static readonly string Own = typeof(FixtureFolder).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(a => a.Key == "FixtureFolder").Value!;

    /// <summary>The folder with a folder for every case.</summary>
    public static string Root => Other ?? Own;

    /// <summary>True when the cases are not the repository's own, so that a kind may be absent.</summary>
    public static bool IsOther => Other is not null;

    /// <summary>Names of the folders that hold a case, in ordinal order.</summary>
    public static IReadOnlyList<string> Cases =>
        [.. Directory.EnumerateDirectories(Root)
            .Where(folder => File.Exists(Path.Combine(folder, "case.json")))
            .Select(folder => Path.GetFileName(folder)!)
            .Order(StringComparer.Ordinal)];

    /// <summary>Names of the folders whose case is of a kind, in ordinal order.</summary>
    public static IReadOnlyList<string> CasesOf(string kind) => [.. Cases.Where(name => FixtureCase.KindOf(name) == kind)];

    /// <summary>Names of the lists of published checkpoints' tensors, without extension, in ordinal order.</summary>
    public static IReadOnlyList<string> Manifests =>
        [.. Directory.EnumerateFiles(Path.Combine(Own, "manifests"), "*.json").Select(path => Path.GetFileNameWithoutExtension(path)!).Order(StringComparer.Ordinal)];

    /// <summary>Path of the list of a published checkpoint's tensors, by its name without extension; those do not depend on the cases.</summary>
    public static string Manifest(string name) => Path.Combine(Own, "manifests", name + ".json");
}
