using System.Collections.Concurrent;

namespace FlexEdit.Tests.Parity.Fixtures;

/// <summary>What the tests of this run measured against each case.</summary>
public static class ParityRecord
{
    private static readonly AsyncLocal<FixtureCase?> s_open = new();
    private static readonly ConcurrentDictionary<string, double?> s_errors = new(StringComparer.Ordinal);

    /// <summary>The largest error of each case that was opened; null where nothing but equality was asked for.</summary>
    public static IReadOnlyDictionary<string, double?> Errors => s_errors;

    /// <summary>From now on comparisons of this test count for a case.</summary>
    internal static void Open(FixtureCase fixture)
    {
        s_open.Value = fixture;
        s_errors.TryAdd(fixture.Name, null);
    }

    internal static void Close(FixtureCase fixture)
    {
        if (s_open.Value == fixture)
            s_open.Value = null;
    }

    /// <summary>Counts a comparison, when it was made at the tolerance of the open case; others compare our own results with each other.</summary>
    /// <param name="error">Largest absolute error divided by the largest absolute reference value.</param>
    /// <param name="tolerance">What was allowed.</param>
    public static void Add(double error, double tolerance)
    {
        if (s_open.Value is { } fixture && fixture.Tolerance == tolerance)
            s_errors.AddOrUpdate(fixture.Name, error, (_, largest) => largest is { } known ? Math.Max(known, error) : error);
    }
}
