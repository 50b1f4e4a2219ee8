namespace FlexEdit.Platform.Hosting;

/// <summary>A process cannot start as it is set up. The message is one sentence for the operator that says what to do.</summary>
public sealed class StartupException(string message, Exception? inner = null) : Exception(message, inner);
