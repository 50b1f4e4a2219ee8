using System.Text.Json;

namespace FlexEdit.Training.Loop;

/// <summary>
/// The figures of a run: means since the last line, printed and kept as one JSON object a line in <c>NAME.log.jsonl</c>, from which
/// <see cref="TrainingPage"/> draws its curves.
/// </summary>
/// <param name="settings">Of the run.</param>
/// <param name="output">Where lines are printed.</param>
public sealed class LossLog(LoopSettings settings, TextWriter output)
{
    private readonly Dictionary<string, (double Sum, int Count)> figures = [];

    /// <summary>The log's file.</summary>
    public static string PathOf(string folder, string name) => Path.Combine(folder, $"{name}.log.jsonl");

    /// <summary>Adds a figure of one batch. What is no number counts nowhere.</summary>
    public void Add(string name, double value)
    {
        if (!double.IsFinite(value))
            return;
        var (sum, count) = figures.GetValueOrDefault(name);
        figures[name] = (sum + value, count + 1);
    }

    /// <summary>Ends a line.</summary>
    /// <param name="batch">Batches so far.</param>
    /// <param name="steps">Steps so far.</param>
    /// <param name="minutes">Time trained so far, earlier parts of the run included.</param>
    /// <param name="perSecond">Examples a second in this part of the run.</param>
    /// <param name="left">Estimate of the time to go.</param>
    public void Line(long batch, long steps, double minutes, double perSecond, TimeSpan left)
    {
        var means = figures.ToDictionary(f => f.Key, f => Math.Round(f.Value.Sum / f.Value.Count, 5));
        output.WriteLine(
            $"{settings.Name} {minutes,6:F1} min  batch {batch,6}  examples {batch * settings.Batch,8}  {perSecond,6:F1}/s  {left:h\\:mm\\:ss} to go  {string.Join("  ", means.Select(f => $"{f.Key} {f.Value:F3}"))}");
        var line = JsonSerializer.Serialize(new { batch, steps, examples = batch * settings.Batch, minutes = Math.Round(minutes, 2), figures = means });
        File.AppendAllText(PathOf(settings.Folder, settings.Name), line + "\n");
        figures.Clear();
    }

    /// <summary>Forgets the lines behind a batch: a run that goes on from a checkpoint makes them again.</summary>
    public void Rewind(long batch)
    {
        var path = PathOf(settings.Folder, settings.Name);
        if (!File.Exists(path))
            return;
        var kept = File.ReadLines(path).Where(l => JsonDocument.Parse(l).RootElement.GetProperty("batch").GetInt64() <= batch).ToArray();
        File.WriteAllLines(path, kept);
    }
}
