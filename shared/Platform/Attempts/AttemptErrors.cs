using FlexEdit.Contracts.Edits;
using FlexEdit.Contracts.Errors;
using FlexEdit.Platform.Engines;
using FlexEdit.Platform.Objects;

namespace FlexEdit.Platform.Attempts;

/// <summary>What a job shows of an exception: a code and a sentence, never a message or a stack that was not written for clients.</summary>
public static class AttemptErrors
{
    /// <summary>The error for <paramref name="problem"/>. Only an <see cref="AttemptException"/> speaks for itself.</summary>
    public static EditError Of(Exception problem) => problem switch
    {
        AttemptException known => known.Error,
        ObjectStoreException => Unavailable,
        _ when MemoryFailure.Is(problem) => OutOfMemory,
        _ => ModelError,
    };

    /// <summary>The stage ran too long.</summary>
    public static EditError DeadlineExceeded(TimeSpan deadline) => new()
    {
        Code = ErrorCodes.DeadlineExceeded,
        Detail = $"The edit was stopped after running for {deadline.TotalSeconds:0} seconds, the longest that one stage may take.",
        Retryable = false,
    };

    /// <summary>A stored input cannot be read as what it should be.</summary>
    public static EditError InputUnreadable(string input) => new()
    {
        Code = ErrorCodes.InputUnreadable,
        Detail = $"The stored {input} cannot be read.",
        Retryable = false,
    };

    /// <summary>This machine does not have the edit's model.</summary>
    public static EditError NoModel(string model) => new()
    {
        Code = ErrorCodes.Unavailable,
        Detail = $"The worker does not have the model '{model}'.",
        Retryable = true,
    };

    private static EditError OutOfMemory => new()
    {
        Code = ErrorCodes.OutOfMemory,
        Detail = "The worker did not have enough memory for this edit.",
        Retryable = true,
    };

    private static EditError Unavailable => new()
    {
        Code = ErrorCodes.Unavailable,
        Detail = "The object store could not be reached.",
        Retryable = true,
    };

    private static EditError ModelError => new()
    {
        Code = ErrorCodes.ModelError,
        Detail = "The model failed on this edit.",
        Retryable = true,
    };
}
