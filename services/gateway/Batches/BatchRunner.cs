using FlexEdit.Contracts.Batches;
using FlexEdit.Contracts.Errors;
using FlexEdit.Gateway.Edits.SubmitEdit;
using FlexEdit.Gateway.Hosting;
using FlexEdit.Gateway.Uploads;
using FlexEdit.Platform.Problems;
using Microsoft.Extensions.Options;

namespace FlexEdit.Gateway.Batches;

/// <summary>
/// Takes lines of batches from the ledger, a few at a time, and submits each as a single edit is. A line that was taken and not heard of again, because a process died,
/// is handed out again; the transaction that makes its edit also says so in the line, so that it makes one.
/// </summary>
internal sealed partial class BatchRunner(
    IBatchLedger ledger, IServiceScopeFactory scopes, UploadRoom room, BatchBodies bodies, BatchSignal signal, IOptions<GatewayOptions> options, TimeProvider time,
    ILogger<BatchRunner> log) : BackgroundService
{
    // Of a line that ends the process that reads it, too.
    private const int MostTakes = 10;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var running = new List<Task>();
        while (!stoppingToken.IsCancellationRequested)
        {
            running.RemoveAll(task => task.IsCompleted);
            var lines = await TakeAsync(options.Value.BatchSlots - running.Count, stoppingToken);
            running.AddRange(lines.Select(line => RunAsync(line, stoppingToken)));
            // The ledger decides how much of a batch is under way: with nothing taken, there is time.
            if (lines.Count == 0 || running.Count == options.Value.BatchSlots)
                await WaitAsync(running, stoppingToken);
        }
        await Task.WhenAll(running);
    }

    private async Task WaitAsync(List<Task> running, CancellationToken stoppingToken)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        await Task.WhenAny([.. running, signal.WaitAsync(enough.Token), Task.Delay(options.Value.BatchInterval, time, enough.Token)]);
        await enough.CancelAsync();
    }

    private async Task<IReadOnlyList<TakenLine>> TakeAsync(int most, CancellationToken stoppingToken)
    {
        try
        {
            return most > 0 ? await ledger.TakeAsync(most, stoppingToken) : [];
        }
        catch (Exception error) when (!stoppingToken.IsCancellationRequested)
        {
            LogAway(error);
            return [];
        }
        catch (OperationCanceledException)
        {
            return [];
        }
    }

    private async Task RunAsync(TakenLine line, CancellationToken stoppingToken)
    {
        try
        {
            if (await WhyRefusedAsync(line, stoppingToken) is { } problem)
            {
                await ledger.RefuseAsync(
                    new LineRefused { BatchId = line.BatchId, Line = line.Line, Problem = new LineProblem(problem.Status, problem.Code, problem.Detail, problem.Param) }, stoppingToken);
            }
        }
        catch (ProblemException away)
        {
            // Its turn comes again: a part of the service is away, or the tenant has as much under way as it may.
            LogLater(away, line.BatchId, line.Line, line.Takes);
            await GiveBackAsync(line, stoppingToken);
        }
        catch (Exception error) when (!stoppingToken.IsCancellationRequested)
        {
            // It is handed out again after a while.
            LogLater(error, line.BatchId, line.Line, line.Takes);
        }
        catch (Exception)
        {
            // The process ends, whatever breaks with it; another one goes on.
        }
    }

    private async Task GiveBackAsync(TakenLine line, CancellationToken stoppingToken)
    {
        try
        {
            await ledger.GiveBackAsync(line.BatchId, line.Line, stoppingToken);
        }
        catch (Exception error)
        {
            // Then it is handed out again when its time is over.
            LogAway(error);
        }
    }

    // Null where the line has become an edit.
    private async Task<Problem?> WhyRefusedAsync(TakenLine line, CancellationToken stoppingToken)
    {
        if (line.Takes > MostTakes)
            return new Problem { Status = 500, Code = ErrorCodes.Internal, Detail = $"The line was begun {MostTakes} times and never came to an end." };
        using var folder = room.Open();
        try
        {
            var fields = ReadJson.Read(await bodies.ReadAsync(line, folder, stoppingToken), folder, options.Value, name => name == BatchBody.CustomId ? new FieldUse(name) : FieldNames.UseOf(name));
            BatchBody.CheckCustomId(fields);
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<TakeInEdit>().MakeAsync(fields, line.Tenant, folder, CallHeaders.None, new NativeDialect(), line, stoppingToken);
            return null;
        }
        catch (ProblemException refused) when (!refused.Problem.Retryable)
        {
            return refused.Problem;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Lines of batches cannot be taken right now; it is tried again.")]
    private partial void LogAway(Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Line {Line} of batch {Batch} could not be taken in ({Takes} times); it is tried again.")]
    private partial void LogLater(Exception error, string batch, int line, int takes);
}
