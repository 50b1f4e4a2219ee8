namespace FlexEdit.Platform.Problems;

/// <summary>Ends a request with a problem; <see cref="ProblemMiddleware"/> writes it.</summary>
public sealed class ProblemException(Problem problem) : Exception(problem.Detail)
{
    /// <summary>What the client is told.</summary>
    public Problem Problem { get; } = problem;
}
