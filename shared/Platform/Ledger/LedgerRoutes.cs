namespace FlexEdit.Platform.Ledger;

/// <summary>Paths of storage's internal HTTP. All need <see cref="Internal.InternalTrust.TokenHeader"/>; bodies are JSON as of <see cref="Contracts.ContractJson"/>.</summary>
public static class LedgerRoutes
{
    /// <summary>POST <see cref="Contracts.Ledger.ClaimAttempt"/>: 200 with the grant, or 204.</summary>
    public const string Claim = "/internal/attempts/claim";
    /// <summary>POST <see cref="Contracts.Ledger.AttemptRef"/>: 200 with the answer.</summary>
    public const string Heartbeat = "/internal/attempts/heartbeat";
    /// <summary>POST <see cref="Contracts.Ledger.UnderstandingFinished"/>: 204, or 409 when the attempt no longer counts.</summary>
    public const string FinishUnderstanding = "/internal/attempts/finish-understanding";
    /// <summary>POST <see cref="Contracts.Ledger.GenerationFinished"/>: 204 or 409.</summary>
    public const string FinishGeneration = "/internal/attempts/finish-generation";
    /// <summary>POST <see cref="Contracts.Ledger.AttemptFailed"/>: 204 or 409.</summary>
    public const string Fail = "/internal/attempts/fail";
    /// <summary>POST <see cref="Contracts.Ledger.AttemptReleased"/>: 204 or 409.</summary>
    public const string Release = "/internal/attempts/release";
    /// <summary>GET with the query values <c>tenant</c> and <c>after</c>: 200 with the journal, or 404.</summary>
    public const string Journal = "/internal/edits/{id}/journal";

    /// <summary>GET with the query value <c>tenant</c>: 200 with <see cref="Contracts.Ledger.EditRecipe"/>, 404 or 410.</summary>
    public const string Recipe = "/internal/edits/{id}/recipe";

    /// <summary>
    /// GET: the keys, with <c>?tenant=</c> one tenant's; POST <see cref="Contracts.Keys.CreateKey"/>: 201 with the key; GET <c>/{hash}/holder</c>: 200, or 204
    /// for no good key; POST <c>/{id}/rotate</c> <see cref="Contracts.Keys.RotateKey"/>: 200 with the key, 400, or 404; POST <c>/{id}/revoke</c>: 200 with the key, or 404.
    /// </summary>
    public const string Keys = "/internal/keys";

    /// <summary>
    /// GET: the tenants, with <c>?tenant=</c> one; POST <c>/{tenant}/requests?wanted=N</c>: 200 with <see cref="Contracts.Tenants.RequestGrant"/>; GET <c>/{tenant}/limits</c>: 200 with
    /// <see cref="Contracts.Tenants.StorageLimits"/>; PUT <c>/{tenant}/limits</c> <see cref="Contracts.Tenants.SetTenantLimits"/>: 200 with the tenant, or 400; POST <c>/{tenant}/erase</c>: 200 with
    /// <see cref="Contracts.Tenants.ErasureProgress"/>, to be repeated until it is done.
    /// </summary>
    public const string Tenants = "/internal/tenants";

    /// <summary>GET with the query values <c>tenant</c>, <c>limit</c>, <c>after</c>, <c>created_after</c> and <c>created_before</c>: 200 with <see cref="Contracts.Ledger.EditPage"/>.</summary>
    public const string Edits = "/internal/edits";

    /// <summary>
    /// POST <see cref="Contracts.Assets.KeepAsset"/>: 200 with the answer; GET <c>/{tenant}?limit=N&amp;after=ID</c>: 200 with <see cref="Contracts.Assets.AssetPage"/>; GET <c>/{tenant}/{id}</c>: 200, or 204
    /// for no such asset; DELETE <c>/{tenant}/{id}</c>: 204, or 404.
    /// </summary>
    public const string Assets = "/internal/assets";

    /// <summary>POST <see cref="Contracts.Ledger.KeyedRequest"/>: 200 with <see cref="Contracts.Ledger.KeyedAnswer"/>, or 204 for a free key.</summary>
    public const string KeyedRequests = "/internal/keyed-requests";

    /// <summary>The path of one edit's recipe.</summary>
    public static string RecipeOf(string tenant, string editId) => $"/internal/edits/{Uri.EscapeDataString(editId)}/recipe?tenant={Uri.EscapeDataString(tenant)}";

    /// <summary>
    /// POST <see cref="Contracts.Batches.CreateBatch"/>: 200 with the answer; POST <c>/take?most=N</c>: 200 with lines; POST <c>/give-back?batch=ID&amp;line=N</c>: 204; POST <see cref="Contracts.Batches.LineRefused"/> to
    /// <c>/refuse</c>: 204.
    /// </summary>
    public const string Batches = "/internal/batches";

    /// <summary>The path of a page of edits.</summary>
    public static string PageOf(string tenant, Contracts.Ledger.EditPageRequest request)
    {
        var path = $"{Edits}?tenant={Uri.EscapeDataString(tenant)}&limit={request.Limit}";
        if (request.After is { } after)
            path += $"&after={Uri.EscapeDataString(after)}";
        if (request.CreatedAfter is { } from)
            path += $"&created_after={from:O}";
        return request.CreatedBefore is { } until ? path + $"&created_before={until:O}" : path;
    }

    /// <summary>The path of one edit's journal.</summary>
    public static string JournalOf(string tenant, string editId, long afterSequence) =>
        $"/internal/edits/{Uri.EscapeDataString(editId)}/journal?tenant={Uri.EscapeDataString(tenant)}&after={afterSequence}";
}
