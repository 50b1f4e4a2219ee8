namespace FlexEdit.Evaluation.Cases;

/// <summary>A benchmark cannot be read; the message lists everything that is wrong and where.</summary>
public sealed class BenchmarkException : Exception
{
    /// <summary>One problem.</summary>
    public BenchmarkException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    /// <summary>All problems of a file.</summary>
    public BenchmarkException(string file, IReadOnlyList<string> problems)
        : base($"{file} cannot be used:\n{string.Join('\n', problems.Select(p => "  " + p))}")
    {
    }
}
