using System.Collections.Concurrent;
using FlexEdit.Contracts.Models;
using FlexEdit.Platform.Models;

namespace FlexEdit.Platform.Engines;

/// <summary>The engines of a process, one a model, each started when it is first asked for. Thread-safe.</summary>
/// <typeparam name="TEngine">The kind of engine.</typeparam>
/// <param name="catalog">Where models are.</param>
/// <param name="start">Starts the engine of a model from its card and folder; must not wait for the weights.</param>
public sealed class ModelEngines<TEngine>(ModelCatalog catalog, Func<ModelCard, string, TEngine> start) : IDisposable
    where TEngine : class, IModelEngine
{
    private readonly ConcurrentDictionary<string, Lazy<TEngine>> _engines = new(StringComparer.Ordinal);

    /// <summary>The engine of edits that name no model.</summary>
    /// <exception cref="Hosting.StartupException">There is no such model.</exception>
    public TEngine Default => Start(catalog.Default);

    /// <summary>The engine of a model; null where this machine does not have it.</summary>
    public TEngine? Find(string model) => catalog.Has(model) ? Start(model) : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var engine in _engines.Values.Where(e => e.IsValueCreated))
            engine.Value.Dispose();
    }

    private TEngine Start(string model) =>
        _engines.GetOrAdd(model, id => new Lazy<TEngine>(() => start(catalog.CardOf(id), catalog.FolderOf(id)))).Value;
}
