using System.Globalization;

namespace FlexEdit.Tests.Integration.Scale;

/// <summary>
/// The GPU that the simulated engine takes its times from: an H200 that paints 512 px with a network as large as Stable Diffusion 1.5 and three guidance branches.
/// Nobody has published exactly this; it is put together from what was published of its parts:
/// <list type="bullet">
/// <item>50 steps of Stable Diffusion 1.5, two branches, 512 px, fp16 on an H100 (the same arithmetic as an H200) take 572 ms: 11.4 ms a step (ONNX Runtime, pull request 22834).</item>
/// <item>Of 1, 2, 3, 4, 8 and 16 rows at once, an H200 does 1, 1.82, 2.69, 2.77, 3.14 and 3.21 times the rows a second of one (512 px, SGLang, pull request 22183: another network, so
/// the shape is borrowed and not the factor). Three branches are three rows, so a step of one picture takes 11.4 · (3 ÷ 2.69) ÷ (2 ÷ 1.82) = 11.6 ms.</item>
/// <item>141 GB of memory hold every batch that is used here.</item>
/// </list>
/// </summary>
internal static class GpuProfile
{
    private const int Branches = 3;
    private static readonly (int Rows, double Speed)[] s_rows = [(1, 1), (2, 1.82), (3, 2.69), (4, 2.77), (8, 3.14), (16, 3.21)];

    /// <summary>One step of one picture.</summary>
    public static TimeSpan Step { get; } = TimeSpan.FromMilliseconds(11.6);

    /// <summary>Pictures a second of a batch as a multiple of one's.</summary>
    public static double SpeedOf(int pictures) => RowSpeed(pictures * Branches) / RowSpeed(Branches);

    /// <summary>Settings of simulated generation workers, without their prefix.</summary>
    /// <param name="slower">How many times slower than the profile, since a machine that has no GPUs cannot feed 64 fast ones.</param>
    /// <param name="slots">Pictures in a batch.</param>
    public static IEnumerable<(string Name, string Value)> Settings(double slower, int slots)
    {
        yield return ("Generation__Simulation__StepTime", (Step * slower).ToString("c", CultureInfo.InvariantCulture));
        yield return ("Generation__Slots", $"{slots}");
        yield return ("Generation__PreviewEvery", "0");
        for (var pictures = 1; pictures <= 8; pictures++)
            yield return ($"Generation__Simulation__BatchCurve__{pictures}", SpeedOf(pictures).ToString("0.####", CultureInfo.InvariantCulture));
    }

    private static double RowSpeed(int rows)
    {
        var above = Array.FindIndex(s_rows, point => point.Rows >= rows);
        if (above <= 0)
            return above == 0 ? s_rows[0].Speed : s_rows[^1].Speed;
        var (low, high) = (s_rows[above - 1], s_rows[above]);
        return low.Speed + ((high.Speed - low.Speed) * (rows - low.Rows) / (high.Rows - low.Rows));
    }
}
