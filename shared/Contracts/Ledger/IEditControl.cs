namespace FlexEdit.Contracts.Ledger;

/// <summary>What a gateway does to an edit on its own account. Storage implements it; other processes reach it over HTTP.</summary>
public interface IEditControl
{
    /// <summary>Cancels an edit as its client would; one that has ended, or is being canceled, stays as it is. False: the tenant has no such edit.</summary>
    Task<bool> CancelAsync(string tenant, string editId, CancellationToken cancellationToken);
}
