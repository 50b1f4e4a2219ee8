namespace FlexEdit.Platform.Engines;

/// <summary>An engine: a thread that owns a model and works through requests.</summary>
public interface IModelEngine : IDisposable
{
    /// <summary>Done when the model is loaded; faults when it can't be.</summary>
    Task Ready { get; }

    /// <summary>Done when the engine has ended; faults when it could not go on.</summary>
    Task Ended { get; }
}
