using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using FlexEdit.Tests.Parity.Fixtures;
using TorchSharp;
using Xunit;

[assembly: AssemblyFixture(typeof(ParityPage))]

namespace FlexEdit.Tests.Parity.Fixtures;

/// <summary>
/// The table of all cases, written when the tests are done to the file that <c>FLEXEDIT_PARITY_PAGE</c> names; <c>docs/parity.md</c> is that
/// file, committed. Only a run of all tests writes it, because others have not measured everything.
/// </summary>
public sealed class ParityPage : IDisposable
{
    /// <summary>The committed page, in the checkout that this assembly was built from.</summary>
    public static string Committed { get; } = Path.GetFullPath(Path.Combine(
        typeof(ParityPage).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "FixtureFolder").Value!, "../../../docs/parity.md"));

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Environment.GetEnvironmentVariable("FLEXEDIT_PARITY_PAGE") is not { Length: > 0 } path)
            return;
        var open = FixtureFolder.Cases.Where(name => !ParityRecord.Errors.ContainsKey(name)).ToArray();
        if (open.Length > 0)
            Console.Error.WriteLine($"{path} is not written: the tests that ran measured nothing of {string.Join(", ", open)}.");
        else
            File.WriteAllText(path, Render(ParityRecord.Errors));
    }

    /// <summary>The page as text.</summary>
    /// <param name="errors">Largest error of each case; null for exact ones.</param>
    public static string Render(IReadOnlyDictionary<string, double?> errors)
    {
        var text = new StringBuilder($"""
            # Parity with the published implementations

            Every case of `tests/Parity/fixtures` holds what a published implementation computes on a small network with random weights, or on a small
            input; the tests of `tests/Parity` compare ours with it on every run. The error is the largest absolute difference of any of the case's
            outputs, divided by the largest absolute value of that output; *exact* means that the outputs are whole numbers or text and are equal.

            This page is written by the tests themselves: `FLEXEDIT_PARITY_PAGE=$PWD/docs/parity.md ./test --project Parity`. Another processor rounds
            a little differently. These numbers are from {RuntimeInformation.RuntimeIdentifier} with libtorch {torch.__version__} on {Processor()}.

            | case | kind | tolerance | measured error |
            |---|---|---|---|

            """);
        foreach (var (name, error) in errors.OrderBy(e => e.Key, StringComparer.Ordinal))
        {
            var tolerance = FixtureCase.ToleranceOf(name).ToString("0.#e-0", CultureInfo.InvariantCulture);
            text.Append(CultureInfo.InvariantCulture, $"| `{name}` | {FixtureCase.KindOf(name)} | {(error is null ? "exact" : tolerance)} | {error?.ToString("0.0e-0", CultureInfo.InvariantCulture) ?? "exact"} |\n");
        }
        return text.ToString();
    }

    private static string Processor()
    {
        const string Key = "model name";
        const string Info = "/proc/cpuinfo";
        var line = File.Exists(Info) ? File.ReadLines(Info).FirstOrDefault(l => l.StartsWith(Key, StringComparison.Ordinal)) : null;
        return line is null ? RuntimeInformation.ProcessArchitecture.ToString() : line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }
}
