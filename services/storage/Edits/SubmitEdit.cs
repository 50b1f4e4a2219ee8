using System.Diagnostics;
using System.Text.Json;
using FlexEdit.Contracts;
using FlexEdit.Contracts.Edits;
using FlexEdit.Contracts.Errors;
using FlexEdit.Contracts.Messages;
using FlexEdit.Platform.Objects;
using FlexEdit.Storage.Ledger;

namespace FlexEdit.Storage.Edits;

/// <summary>Makes an edit durable. The same id again makes nothing new.</summary>
internal sealed class SubmitEditHandler(LedgerWriter writer, IObjectStore objects)
{
    /// <summary>Null once the edit is committed, else why it was refused and nothing was made.</summary>
    public Task<EditRefused?> HandleAsync(SubmitEdit submit, CancellationToken cancellationToken) => writer.WriteAsync(
        async change =>
        {
            if (await FindOwnerAsync(change, submit.EditId) is { } owner)
                return owner == submit.Tenant ? null : Refuse(409, ErrorCodes.Conflict, "The id is taken.");
            if (submit.CancelAfter <= TimeSpan.Zero)
                return Refuse(400, ErrorCodes.Malformed, "Cancel-After is a time to come, for instance 90s.", "Cancel-After");
            foreach (var key in submit.Inputs.Keys())
            {
                if (await UseInputAsync(change, key, cancellationToken) is { } refused)
                {
                    change.Abandon();
                    return refused;
                }
            }
            var edit = new EditRow
            {
                Id = submit.EditId,
                Tenant = submit.Tenant,
                Model = submit.Model,
                Instruction = submit.Instruction,
                OptionsJson = JsonSerializer.Serialize(submit.Options, ContractJson.Options),
                InputsJson = JsonSerializer.Serialize(submit.Inputs, ContractJson.Options),
                MetadataJson = JsonSerializer.Serialize(submit.Metadata, ContractJson.Options),
                Status = EditStatus.Queued,
                TraceParent = Activity.Current?.Id,
                CreatedAt = change.Now,
            };
            change.Ledger.Edits.Add(edit);
            new EditFlow(change, edit).Submit(submit.CancelAfter ?? change.Rules.QueueDeadline);
            return null;
        },
        cancellationToken);

    private static async Task<string?> FindOwnerAsync(LedgerChange change, string editId) =>
        (await change.FindEditAsync(editId))?.Edit.Tenant ?? (await change.Ledger.Removed.FindAsync(editId))?.Tenant;

    private async Task<EditRefused?> UseInputAsync(LedgerChange change, string key, CancellationToken cancellationToken)
    {
        var input = await change.Ledger.Inputs.FindAsync([key], cancellationToken);
        if (input is { Uses: 0 })
            return Refuse(503, ErrorCodes.Unavailable, "One of the pictures is just being removed; send the request again.");
        // With this use counted nobody begins to remove the object; what was removed before is seen here.
        if (!await objects.ExistsAsync(key, cancellationToken))
            return Refuse(503, ErrorCodes.Unavailable, "One of the pictures is no longer stored; send the request again.");
        if (input is null)
        {
            change.Ledger.Inputs.Add(new InputRow { Key = key, Uses = 1 });
        }
        else
        {
            input.Uses++;
            input.Version++;
        }
        return null;
    }

    private static EditRefused Refuse(int status, string code, string detail, string? param = null) =>
        new() { Status = status, Code = code, Detail = detail, Param = param };
}
