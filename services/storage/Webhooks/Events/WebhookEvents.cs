using FlexEdit.Contracts.Edits;
using FlexEdit.Storage.Ledger;

namespace FlexEdit.Storage.Webhooks.Events;

/// <summary>Names of what webhooks tell.</summary>
internal static class WebhookEvents
{
    public const string Started = "edit.started";
    public const string AwaitingApproval = "edit.awaiting_approval";
    public const string Succeeded = "edit.succeeded";
    public const string Failed = "edit.failed";
    public const string Canceled = "edit.canceled";
    public const string Expired = "edit.expired";

    /// <summary>An endpoint has been failing for a while and will be disabled if that goes on.</summary>
    public const string Failing = "webhook.failing";

    /// <summary>The server has disabled an endpoint.</summary>
    public const string Disabled = "webhook.disabled";

    /// <summary>Only sent on request; no filter names it.</summary>
    public const string Test = "webhook.test";

    /// <summary>A filter that lets everything through.</summary>
    public const string All = "*";

    /// <summary>What an edit's own URL can be told.</summary>
    public static readonly IReadOnlyList<string> OfEdits = [Started, AwaitingApproval, Succeeded, Failed, Canceled, Expired];

    /// <summary>What an endpoint can be told.</summary>
    public static readonly IReadOnlyList<string> OfEndpoints = [.. OfEdits, Failing, Disabled];

    /// <summary>What the newest event of an edit is called; null where it is nothing that webhooks tell.</summary>
    public static string? Of(EditRow edit) => edit.Status switch
    {
        // Once: later attempts are the same edit going on.
        EditStatus.Processing when edit is { LiveAttempt: 1, LastAttempt: 1 } => Started,
        EditStatus.AwaitingApproval => AwaitingApproval,
        EditStatus.Succeeded => Succeeded,
        EditStatus.Failed => Failed,
        EditStatus.Canceled => Canceled,
        EditStatus.Expired => Expired,
        _ => null,
    };

    /// <summary>The filter as it is stored; no names: all.</summary>
    public static string Filter(IReadOnlyCollection<string>? events) => events is not { Count: > 0 } || events.Contains(All) ? All : string.Join(' ', events.Distinct());

    /// <summary>Whether a stored filter lets an event through.</summary>
    public static bool Wants(string filter, string @event) => filter == All || filter.Split(' ').Contains(@event);
}
