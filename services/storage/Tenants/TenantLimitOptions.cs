using FlexEdit.Contracts.Tenants;
using FlexEdit.Platform.Hosting;

namespace FlexEdit.Storage.Tenants;

/// <summary>Section <c>Limits</c>: what bounds every tenant for which the operator has not said otherwise.</summary>
public sealed class TenantLimitOptions : ISettings
{
    /// <summary>Name of the section under <c>FlexEdit</c>.</summary>
    public const string Section = "Limits";

    /// <summary>Most that a limit can be.</summary>
    public const int Most = 1_000_000;

    /// <summary>Requests to the public API a minute, 0 (no bound) to 1000000.</summary>
    public int RequestsPerMinute { get; set; } = 3000;

    /// <summary>Edits that have not ended, at once, 0 (no bound) to 1000000.</summary>
    public int EditsInFlight { get; set; } = 1000;

    /// <summary>As a gateway is told.</summary>
    internal TenantLimits Limits => new() { RequestsPerMinute = RequestsPerMinute, EditsInFlight = EditsInFlight };

    /// <inheritdoc/>
    public IEnumerable<string> Faults()
    {
        foreach (var (name, value) in new[] { (nameof(RequestsPerMinute), RequestsPerMinute), (nameof(EditsInFlight), EditsInFlight) })
        {
            if (value is < 0 or > Most)
                yield return $"FLEXEDIT__Limits__{name} is {value}; set it between 0 (no bound) and {Most}.";
        }
    }
}
