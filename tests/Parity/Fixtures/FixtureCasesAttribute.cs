using System.Reflection;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

namespace FlexEdit.Tests.Parity.Fixtures;

/// <summary>
/// Runs a theory once for every case of a kind; the theory's only argument is the case's folder name, to be opened with <see cref="FixtureCase.Open"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class FixtureCasesAttribute(string kind) : DataAttribute
{
    /// <summary>The <c>kind</c> of <c>case.json</c>.</summary>
    public string Kind => kind;

    /// <inheritdoc/>
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker)
    {
        var rows = FixtureFolder.CasesOf(kind).Select(name => new TheoryDataRow<string>(name)).ToList();
        if (rows.Count == 0)
        {
            // Another folder may hold only some kinds; the repository's own holds every kind that a test asks for.
            if (!FixtureFolder.IsOther)
                throw new InvalidOperationException($"'{FixtureFolder.Root}' has no case of kind '{kind}'.");
            rows.Add(new TheoryDataRow<string>("none") { Skip = $"'{FixtureFolder.Root}' has no case of kind '{kind}'." });
        }
        return ValueTask.FromResult<IReadOnlyCollection<ITheoryDataRow>>(rows);
    }

    /// <inheritdoc/>
    public override bool SupportsDiscoveryEnumeration() => true;
}
