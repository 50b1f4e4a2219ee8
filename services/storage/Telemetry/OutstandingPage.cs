using FlexEdit.Contracts;

namespace FlexEdit.Storage.Telemetry;

/// <summary>
/// <c>/outstanding</c>: <c>{"work":[{"stage","model","queued","running","gpu_seconds"}]}</c>, and <c>/outstanding/STAGE/MODEL</c>: one of them, zeros
/// where there is no work, which is what KEDA's <c>metrics-api</c> reads (<c>valueLocation: gpu_seconds</c>). 503 while the ledger does not answer, so that
/// a scaler keeps what it has.
/// </summary>
internal static class OutstandingPage
{
    public const string Path = "/outstanding";

    public static async Task AnswerAsync(HttpContext context)
    {
        var work = context.RequestServices.GetRequiredService<OutstandingWork>();
        var parts = context.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        try
        {
            object? answer = parts switch
            {
                [] => new { Work = await work.MeasureAsync(context.RequestAborted) },
                [var stage, var model] when OutstandingWork.IsStage(stage) => await work.OfAsync(stage, model, context.RequestAborted),
                _ => null,
            };
            if (answer is null)
                context.Response.StatusCode = StatusCodes.Status404NotFound;
            else
                await context.Response.WriteAsJsonAsync(answer, ContractJson.Options, context.RequestAborted);
        }
        catch (Exception problem) when (!context.RequestAborted.IsCancellationRequested && !context.Response.HasStarted)
        {
            LedgerGauges.LogTrouble(context.RequestServices.GetRequiredService<ILogger<LedgerGauges>>(), problem);
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        }
    }
}
