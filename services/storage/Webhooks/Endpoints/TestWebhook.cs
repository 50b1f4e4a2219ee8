using FlexEdit.Contracts.Errors;
using FlexEdit.Platform.Problems;
using FlexEdit.Storage.Ledger;
using FlexEdit.Storage.Webhooks.Delivering;
using FlexEdit.Storage.Webhooks.Events;
using FlexEdit.Storage.Webhooks.Hosting;
using Microsoft.Extensions.Options;

namespace FlexEdit.Storage.Webhooks.Endpoints;

/// <summary>Sends a <c>webhook.test</c> at once and once, also to a disabled endpoint; what comes of it changes nothing about the endpoint.</summary>
internal sealed class TestWebhook(LedgerWriter writer, PostEvents post, LoadOutgoing load, WebhookSender sender, RecordAttempt record, IOptions<WebhookOptions> options)
{
    /// <summary>Id of the delivery, which has ended.</summary>
    /// <exception cref="ProblemException">404; 409: the endpoint was removed meanwhile.</exception>
    public async Task<string> RunAsync(string tenant, string id, CancellationToken cancellationToken)
    {
        var takenBy = Guid.CreateVersion7().ToString("n");
        var delivery = await writer.WriteAsync(
            async change => post.PostTest(
                change, await WebhookRegister.FindAsync(change, tenant, id, cancellationToken), takenBy, change.Now + options.Value.Lease.Ticks, RetrySchedule.Gaps.Count),
            cancellationToken);
        if (await load.RunAsync([delivery], cancellationToken) is not [{ } message])
            throw new ProblemException(new Problem { Status = 409, Code = ErrorCodes.Conflict, Detail = "The webhook was removed." });
        var outcome = await sender.SendAsync(message, cancellationToken);
        await record.RunAsync(delivery.Id, takenBy, outcome, CancellationToken.None);
        return delivery.Id;
    }
}
