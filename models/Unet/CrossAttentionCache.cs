using static TorchSharp.torch;

namespace FlexEdit.Models.Unet;

/// <summary>
/// What every cross-attention of a UNet looks at, projected once per edit and reused at each step: nothing of it depends on the time step.
/// Rows are independent, so caches of several edits can be joined for one pass and taken apart again.
/// </summary>
public sealed class CrossAttentionCache : IDisposable
{
    /// <summary>Makes a cache from projected layers.</summary>
    /// <param name="layers">One entry for each cross-attention, in the order in which they run.</param>
    /// <param name="subjectScale">λ of every row, [batch], or null for one everywhere. Of use only with subject keys.</param>
    public CrossAttentionCache(IReadOnlyList<CrossAttentionKeysValues> layers, Tensor? subjectScale = null) =>
        (Layers, SubjectScale) = (layers, subjectScale);

    /// <summary>Keys and values, in the order in which the cross-attentions run.</summary>
    public IReadOnlyList<CrossAttentionKeysValues> Layers { get; }

    /// <summary>λ of every row, [batch]; null for one everywhere.</summary>
    public Tensor? SubjectScale { get; }

    /// <summary>Number of rows.</summary>
    public long BatchSize => Layers[0].Keys.shape[0];

    /// <summary>True when there is a subject branch.</summary>
    public bool HasSubject => Layers[0].SubjectKeys is not null;

    /// <summary>
    /// Joins the rows of several caches, in order. Where only some have a subject, the others' rows get a zero one with λ = 0, which adds nothing.
    /// </summary>
    /// <exception cref="ArgumentException">There is none, or they differ in layers, widths or numbers of tokens.</exception>
    public static CrossAttentionCache Concat(IReadOnlyList<CrossAttentionCache> caches)
    {
        if (caches.Count == 0)
            throw new ArgumentException("There is no cache to join.", nameof(caches));
        using var scope = NewDisposeScope();
        var model = caches.FirstOrDefault(c => c.HasSubject) ?? caches[0];
        var layers = new CrossAttentionKeysValues[model.Layers.Count];
        foreach (var cache in caches)
            if (cache.Layers.Count != layers.Length || !Agree(cache.Layers[0], model.Layers[0]))
                throw new ArgumentException("Only caches of the same network with as many tokens can be joined.", nameof(caches));
        for (var i = 0; i < layers.Length; i++)
        {
            var rows = caches.Select(c => c.Layers[i]).ToArray();
            layers[i] = new(Join(rows.Select(r => r.Keys)), Join(rows.Select(r => r.Values)));
            if (model.HasSubject)
                layers[i] = layers[i] with
                {
                    SubjectKeys = Join(rows.Select(r => r.SubjectKeys ?? NoSubject(r, model.Layers[i].SubjectKeys!))),
                    SubjectValues = Join(rows.Select(r => r.SubjectValues ?? NoSubject(r, model.Layers[i].SubjectValues!))),
                };
        }
        var scale = model.HasSubject && caches.Any(c => c.SubjectScale is not null || !c.HasSubject) ? Join(caches.Select(Scale)) : null;
        return new CrossAttentionCache(layers, scale).MoveToOuterDisposeScope();
    }

    /// <summary>Takes rows out, in the order given; a row may be taken more than once.</summary>
    public CrossAttentionCache Select(params long[] rows)
    {
        using var scope = NewDisposeScope();
        var index = tensor(rows, device: Layers[0].Keys.device);
        return new CrossAttentionCache([.. Layers.Select(l => l.Select(t => t.index_select(0, index)))], SubjectScale?.index_select(0, index)).MoveToOuterDisposeScope();
    }

    /// <summary>Takes the tensors out of their dispose scopes, so that they live until <see cref="Dispose"/>.</summary>
    /// <returns>This cache.</returns>
    public CrossAttentionCache DetachFromDisposeScope() => Each(t => t.DetachFromDisposeScope());

    /// <summary>Hands the tensors to the dispose scope around the current one.</summary>
    /// <returns>This cache.</returns>
    public CrossAttentionCache MoveToOuterDisposeScope() => Each(t => t.MoveToOuterDisposeScope());

    /// <inheritdoc/>
    public void Dispose() => Each(t => t.Dispose());

    private static bool Agree(CrossAttentionKeysValues a, CrossAttentionKeysValues b) =>
        SameRows(a.Keys, b.Keys) && (a.SubjectKeys is null || b.SubjectKeys is null || SameRows(a.SubjectKeys, b.SubjectKeys));

    private static bool SameRows(Tensor a, Tensor b) => a.shape.AsSpan(1).SequenceEqual(b.shape.AsSpan(1));

    private static Tensor Join(IEnumerable<Tensor> rows) => cat(rows.ToArray(), 0);

    private static Tensor NoSubject(CrossAttentionKeysValues rows, Tensor like) =>
        zeros([rows.Keys.shape[0], .. like.shape[1..]], like.dtype, like.device);

    private static Tensor Scale(CrossAttentionCache cache)
    {
        var keys = cache.Layers[0].Keys;
        if (!cache.HasSubject)
            return zeros([keys.shape[0]], ScalarType.Float32, keys.device);
        return cache.SubjectScale?.to(ScalarType.Float32) ?? ones([keys.shape[0]], ScalarType.Float32, keys.device);
    }

    private CrossAttentionCache Each(Action<Tensor> action)
    {
        foreach (var layer in Layers)
            layer.ForEach(action);
        if (SubjectScale is not null)
            action(SubjectScale);
        return this;
    }
}
