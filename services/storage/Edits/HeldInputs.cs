using FlexEdit.Contracts.Errors;
using FlexEdit.Contracts.Messages;
using FlexEdit.Platform.Objects;
using FlexEdit.Storage.Ledger;
using Microsoft.EntityFrameworkCore;

namespace FlexEdit.Storage.Edits;

/// <summary>Who uses which uploaded objects: an object stays while anybody holds it.</summary>
internal static class HeldInputs
{
    /// <summary>Makes <paramref name="holder"/> a user of objects. Null, or why not; the transaction is then to be abandoned.</summary>
    public static async Task<EditRefused?> HoldAsync(
        LedgerChange change, IObjectStore objects, IReadOnlyCollection<string> keys, string holder, CancellationToken cancellationToken)
    {
        // Before the look at what is stored: whoever removed an object has removed its row after it.
        var known = await change.LockInputsAsync(keys, alone: false);
        if (known.Any(input => input.Removing))
            return Unavailable("One of the pictures is just being removed; send the request again.");
        var added = keys.Except(known.Select(input => input.Key)).ToArray();
        // An object that others use is there.
        var stored = await Task.WhenAll(added.Select(key => objects.ExistsAsync(key, cancellationToken)));
        if (stored.Contains(false))
            return Unavailable("One of the pictures is no longer stored; send the request again.");
        change.Ledger.Inputs.AddRange(added.Select(key => new InputRow { Key = key }));
        change.Ledger.InputUses.AddRange(keys.Select(key => new InputUseRow { Key = key, Holder = holder }));
        return null;
    }

    /// <summary>Ends the use of objects by <paramref name="holder"/>; those that nobody else uses are then to be removed, and with them the assets that only name them.</summary>
    public static async Task LetGoAsync(LedgerChange change, IReadOnlyCollection<string> keys, string holder, CancellationToken cancellationToken)
    {
        foreach (var input in await change.LockInputsAsync(keys, alone: true))
        {
            change.Ledger.InputUses.Remove(new InputUseRow { Key = input.Key, Holder = holder });
            input.Removing = !await change.Ledger.InputUses.AnyAsync(use => use.Key == input.Key && use.Holder != holder, cancellationToken);
            if (input.Removing)
                await change.Ledger.Assets.Where(asset => asset.Key == input.Key).ExecuteDeleteAsync(cancellationToken);
        }
    }

    private static EditRefused Unavailable(string detail) => new() { Status = 503, Code = ErrorCodes.Unavailable, Detail = detail };
}
