using Minio.DataModel.Args;
using Polly;
using Polly.Retry;

namespace FlexEdit.Platform.Objects.S3;

/// <summary>
/// Runs calls of the S3 server: repeats what failed for the moment with growing, jittered gaps, makes the bucket when it is missing,
/// and ends every other failure with a sentence.
/// </summary>
internal sealed class S3Calls
{
    private static readonly TimeSpan FirstGap = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestGap = TimeSpan.FromSeconds(2);
    private readonly S3Options _options;
    private readonly S3Clients _clients;
    private readonly TimeProvider _time;
    private readonly ResiliencePipeline _pipeline;

    public S3Calls(S3Options options, S3Clients clients, TimeProvider time)
    {
        (_options, _clients, _time) = (options, clients, time);
        var builder = new ResiliencePipelineBuilder { TimeProvider = time };
        if (options.Retries > 0)
        {
            builder.AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<S3Failure>(failure => failure.IsPassing),
                MaxRetryAttempts = options.Retries,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = FirstGap,
                MaxDelay = LongestGap,
            });
        }
        _pipeline = builder.Build();
    }

    /// <summary>Runs <paramref name="call"/>; it throws <see cref="S3Failure"/> and what HTTP and sockets throw.</summary>
    /// <exception cref="ObjectStoreException">It failed for good, or too often.</exception>
    public async Task<T> RunAsync<T>(Func<Stall, Task<T>> call, CancellationToken cancellationToken)
    {
        using var budget = new CancellationTokenSource(_options.Timeout, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(budget.Token, cancellationToken);
        try
        {
            return await _pipeline.ExecuteAsync(async token => await OnceAsync(call, token), both.Token);
        }
        catch (Exception problem) when (!cancellationToken.IsCancellationRequested && S3Failure.Of(problem, _options) is { } failure)
        {
            // Also what broke at the very moment at which the time was up.
            throw new ObjectStoreException(failure.Message, failure);
        }
        catch (OperationCanceledException problem) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ObjectStoreException($"The object store at {_options.Endpoint} did not do it within {_options.Timeout.TotalSeconds:0.#} s.", problem);
        }
    }

    private async Task<T> OnceAsync<T>(Func<Stall, Task<T>> call, CancellationToken cancellationToken)
    {
        using var stall = new Stall(_options.StallTimeout, cancellationToken);
        try
        {
            try
            {
                return await call(stall);
            }
            catch (Exception problem) when (S3Failure.Of(problem, _options) is { NoBucket: true })
            {
                await MakeBucketAsync(stall.Token);
                return await call(stall);
            }
        }
        catch (Exception) when (stall.IsOver)
        {
            throw new S3Failure($"The object store at {_options.Endpoint} stood still for {_options.StallTimeout.TotalSeconds:0.#} s.", passing: true);
        }
        catch (Exception problem) when (!cancellationToken.IsCancellationRequested && problem is not S3Failure && S3Failure.Of(problem, _options) is { } failure)
        {
            throw failure;
        }
    }

    private async Task MakeBucketAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _clients.Own.MakeBucketAsync(new MakeBucketArgs().WithBucket(_options.Bucket).WithLocation(_options.Region), cancellationToken);
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            // Another process may have made it at the same moment.
            if (!await _clients.Own.BucketExistsAsync(new BucketExistsArgs().WithBucket(_options.Bucket), cancellationToken))
                throw;
        }
    }
}
