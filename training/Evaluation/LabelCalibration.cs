namespace FlexEdit.Training.Evaluation;

/// <summary>How often a label is right, and whether its probability says so.</summary>
public sealed class LabelCalibration
{
    private const int Bins = 10;
    private readonly List<(IReadOnlyList<(string Label, double Probability)> Candidates, string Truth)> read = [];

    /// <summary>Adds what was read, best first, and what it should have been.</summary>
    public void Add(IReadOnlyList<(string Label, double Probability)> candidates, string truth) => read.Add((candidates, truth));

    /// <summary>Share of the readings whose first candidate is right.</summary>
    public double Top1 => read.Average(r => r.Candidates[0].Label == r.Truth ? 1.0 : 0);

    /// <summary>Share of the readings that have the truth among their candidates.</summary>
    public double Top5 => read.Average(r => r.Candidates.Any(c => c.Label == r.Truth) ? 1.0 : 0);

    /// <summary>Expected calibration error over ten bins of confidence (Guo et al. 2017, eq. 3).</summary>
    public double ExpectedError => read
        .GroupBy(r => Math.Min(Bins - 1, (int)(r.Candidates[0].Probability * Bins)))
        .Sum(bin => bin.Count() / (double)read.Count * Math.Abs(
            bin.Average(r => r.Candidates[0].Label == r.Truth ? 1.0 : 0) - bin.Average(r => r.Candidates[0].Probability)));

    /// <summary>
    /// The temperature under which the truths among the candidates are most probable (Guo et al. 2017, section 4.2). The candidates stand for all labels:
    /// they carry nearly all of the probability.
    /// </summary>
    public double BestTemperature() => Enumerable.Range(10, 41).Select(i => i / 20.0).MinBy(SurpriseAt);

    private double SurpriseAt(double temperature) => read.Where(r => r.Candidates.Any(c => c.Label == r.Truth)).Sum(r =>
    {
        var weights = r.Candidates.Select(c => Math.Pow(Math.Max(c.Probability, 1e-12), 1 / temperature)).ToArray();
        var truth = r.Candidates.TakeWhile(c => c.Label != r.Truth).Count();
        return -Math.Log(weights[truth] / weights.Sum());
    });
}
