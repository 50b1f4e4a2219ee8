using FlexEdit.Evaluation.Cases;

namespace FlexEdit.Cli.Benchmarks;

/// <summary>Finds the cases that <c>--cases</c> names.</summary>
internal static class BenchmarkSource
{
    private const string MagicBrush = "magicbrush:", Coco = "coco:";

    /// <summary>Reads the list of cases.</summary>
    /// <param name="what">A folder, <c>magicbrush:DIR</c> or <c>coco:ANNOTATIONS,PICTURES</c>; null for FSMI-Edit-Mini.</param>
    /// <exception cref="BenchmarkException">It cannot be read.</exception>
    public static BenchmarkSet Open(string? what)
    {
        if (what is null)
            return BenchmarkFolder.Read(Above("evaluation/fsmi-edit-mini") ?? throw new BenchmarkException("FSMI-Edit-Mini was not found above the program; name a folder with --cases."));
        if (what.StartsWith(MagicBrush, StringComparison.Ordinal))
            return MagicBrushCases.Read(what[MagicBrush.Length..]);
        if (!what.StartsWith(Coco, StringComparison.Ordinal))
            return BenchmarkFolder.Read(what);
        return what[Coco.Length..].Split(',', 2) is [var annotations, var pictures]
            ? CocoCases.Read(annotations, pictures)
            : throw new BenchmarkException("coco: wants the annotations' file and the pictures' folder, separated by a comma.");
    }

    /// <summary>A folder of the repository, beside or above the program; null where there is none.</summary>
    public static string? Above(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var path = Path.Combine(folder.FullName, name);
            if (Directory.Exists(path))
                return path;
        }
        return null;
    }
}
