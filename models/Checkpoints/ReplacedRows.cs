using static TorchSharp.torch;

namespace FlexEdit.Models.Checkpoints;

/// <summary>
/// A published checkpoint in which some rows of some tensors come from another file: the embeddings of tokens that were added to a language model, so that its own files stay as they were published.
/// </summary>
public sealed class ReplacedRows : ICheckpoint
{
    private readonly ICheckpoint _whole, _rows;
    private readonly long _first;
    private readonly IReadOnlyDictionary<string, string> _names;

    /// <summary>Joins the two.</summary>
    /// <param name="whole">The checkpoint; whoever opened it closes it, as the next.</param>
    /// <param name="rows">Holds the rows and nothing else.</param>
    /// <param name="first">Where they go.</param>
    /// <param name="count">How many they are.</param>
    /// <param name="names">The names in <paramref name="rows"/> by those in <paramref name="whole"/>.</param>
    /// <exception cref="CheckpointException">Lists every tensor of rows that is missing, too many, or does not fit.</exception>
    public ReplacedRows(ICheckpoint whole, ICheckpoint rows, long first, long count, IReadOnlyDictionary<string, string> names)
    {
        (_whole, _rows, _first, _names) = (whole, rows, first, names);
        var wrong = rows.Tensors.Keys.Except(names.Values).Select(n => $"{n} (unexpected)").ToList();
        foreach (var (name, own) in names)
        {
            if (!rows.Tensors.TryGetValue(own, out var entry))
                wrong.Add($"{own} (missing)");
            // What the whole lacks is for the comparison with the network to say.
            else if (whole.Tensors.TryGetValue(name, out var table) && !(entry.Shape.Count == 2 && entry.Shape[0] == count && table.Shape.Count == 2 && table.Shape[1] == entry.Shape[1] && table.Shape[0] >= first + count))
                wrong.Add($"{own} ([{string.Join(", ", entry.Shape)}] for {count} rows from {first} on of [{string.Join(", ", table.Shape)}])");
        }
        if (wrong.Count > 0)
            throw new CheckpointException($"'{rows.Path}' does not hold the rows of added tokens ({wrong.Count}): {string.Join(", ", wrong)}.");
    }

    /// <inheritdoc/>
    public string Path => _whole.Path;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, SafetensorsEntry> Tensors => _whole.Tensors;

    /// <inheritdoc/>
    public Tensor Read(string name, ScalarType? type = null)
    {
        var tensor = _whole.Read(name, type);
        Replace(name, tensor);
        return tensor;
    }

    /// <inheritdoc/>
    public void CopyTo(string name, Tensor target)
    {
        _whole.CopyTo(name, target);
        Replace(name, target);
    }

    /// <summary>Does nothing: the files belong to whoever opened them.</summary>
    public void Dispose()
    {
    }

    private void Replace(string name, Tensor target)
    {
        if (!_names.TryGetValue(name, out var own))
            return;
        using var scope = NewDisposeScope();
        var rows = _rows.Read(own);
        target.narrow(0, _first, rows.shape[0]).copy_(rows);
    }
}
