namespace FlexEdit.Training.Understanding;

/// <summary>Means of named figures since the last line.</summary>
internal sealed class UnderstandingReport(string folder)
{
    private readonly Dictionary<string, (double Sum, int Count)> figures = [];

    public void Add(string name, double value)
    {
        if (!double.IsFinite(value))
            return;
        var (sum, count) = figures.GetValueOrDefault(name);
        figures[name] = (sum + value, count + 1);
    }

    public void Line(long batch, long pictures, TimeSpan elapsed)
    {
        var line = $"{elapsed.TotalMinutes,6:F1} min  batch {batch,6}  examples {pictures,7}  {string.Join("  ", figures.Select(f => $"{f.Key} {f.Value.Sum / f.Value.Count:F3}"))}";
        Console.WriteLine(line);
        File.AppendAllText(Path.Combine(folder, "understanding.log"), line + "\n");
        figures.Clear();
    }
}
