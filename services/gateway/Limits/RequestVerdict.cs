using FlexEdit.Contracts.Tenants;

namespace FlexEdit.Gateway.Limits;

/// <summary>Whether a request may pass, and what its client is told.</summary>
/// <param name="Passes">Whether it may.</param>
/// <param name="Limits">What bounds its tenant; null where nobody could say.</param>
/// <param name="Remaining">Requests left.</param>
/// <param name="ResetAfter">Until all of them are there again; of a request that may not pass, until one may.</param>
internal readonly record struct RequestVerdict(bool Passes, TenantLimits? Limits, int Remaining, TimeSpan ResetAfter);
