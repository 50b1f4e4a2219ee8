using FlexEdit.Contracts.Messages;
using FlexEdit.Gateway.Hosting;
using FlexEdit.Platform.Problems;
using MassTransit;
using Microsoft.Extensions.Options;

namespace FlexEdit.Gateway.Edits.SubmitEdit;

/// <summary>Asks storage to make something durable, and believes it only when storage has said so.</summary>
internal sealed partial class AskStorage<TRequest, TAnswer>(
    IRequestClient<TRequest> storage, IOptions<GatewayOptions> options, TimeProvider time, ILogger<AskStorage<TRequest, TAnswer>> log)
    where TRequest : class
    where TAnswer : class
{
    /// <summary>Returns when it is durable.</summary>
    /// <exception cref="ProblemException">What storage refuses; 503 where it does not answer in time.</exception>
    public async Task<TAnswer> RunAsync(TRequest request, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.Value.SubmitTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var answer = await storage.GetResponse<TAnswer, EditRefused>(request, either.Token, RequestTimeout.After(ms: (int)options.Value.SubmitTimeout.TotalMilliseconds))
                // The bus may be waiting for its broker, deaf to both limits.
                .WaitAsync(either.Token);
            return answer.Is(out Response<EditRefused>? refused) ? throw refused.Message.ToProblem()
                : answer.Is(out Response<TAnswer>? taken) ? taken.Message
                : throw new InvalidOperationException("Storage answered with something else.");
        }
        catch (Exception problem) when (problem is not ProblemException && !cancellationToken.IsCancellationRequested)
        {
            // A broker that breaks off throws whatever its client does: its own exceptions, those of sockets.
            LogUnanswered(problem, typeof(TRequest).Name);
            throw new ProblemException(Problem.Unavailable("The job could not be made durable right now; try again.", Refusals.ComeBack));
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Storage did not take {Request}")]
    private partial void LogUnanswered(Exception problem, string request);
}
