namespace FlexEdit.Models.Checkpoints;

/// <summary>A checkpoint cannot be read or does not fit the network; the message names the file and everything that is wrong.</summary>
public sealed class CheckpointException : Exception
{
    /// <summary>Makes the exception with a message for the person who supplied the file.</summary>
    public CheckpointException(string message) : base(message)
    {
    }

    /// <summary>Makes the exception with the failure underneath.</summary>
    public CheckpointException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
