using FlexEdit.Contracts.Edits;

namespace FlexEdit.Gateway.Edits.SubmitEdit;

/// <summary>What a new edit is answered with where it is durable but cannot be read back at this moment: where to read it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Object">Always <c>edit</c>.</param>
/// <param name="Status">Its status as far as is known.</param>
/// <param name="Urls">Where its parts are.</param>
internal sealed record AcceptedEdit(string Id, string Object, string Status, AcceptedUrls Urls)
{
    /// <summary>The answer for one edit.</summary>
    public static AcceptedEdit Of(string id) =>
        new(id, "edit", EditStatus.Queued, new AcceptedUrls($"/v1/edits/{id}", $"/v1/edits/{id}/events", $"/v1/edits/{id}/cancel", $"/v1/edits/{id}/approve"));
}

/// <summary>Where the parts of a new edit are, relative to the server.</summary>
/// <param name="Self">The job.</param>
/// <param name="Events">Its events (SSE).</param>
/// <param name="Cancel">Where to cancel it.</param>
/// <param name="Approve">Where to let it go on once it awaits approval.</param>
internal sealed record AcceptedUrls(string Self, string Events, string Cancel, string Approve);
