namespace FlexEdit.Models.Adapters;

/// <summary>Sizes of a <see cref="MaskEnhancedAdapter"/>.</summary>
public sealed record MaskEnhancedAdapterConfig
{
    /// <summary>Blocks: one for each cross-attention of the UNet.</summary>
    public required int Layers { get; init; }

    /// <summary>D: width of the edit embedding and of what the cross-attentions look at.</summary>
    public required int EmbeddingDim { get; init; }

    /// <summary>V: width of the image encoder's features of scene and subject.</summary>
    public required int VisionDim { get; init; }

    /// <summary>Width of the subject states f2.</summary>
    public required int SubjectDim { get; init; }

    /// <summary>Heads of eq. 6; divides <see cref="EmbeddingDim"/>.</summary>
    public int Heads { get; init; } = 8;

    /// <summary>
    /// True: a block's result is LayerNorm(c + f1·Wo), so that it keeps what the embedding says and adds the scene to it.
    /// False: it is f1 as eq. 6 is written. That is a mixture of projected scene patches in which the embedding only chooses the
    /// weights: what it asks for, but does not see in the scene, would be lost at the first block.
    /// </summary>
    public bool Residual { get; init; } = true;

    /// <summary>True for a linear layer of its own for the subject in every block; false for one that they share.</summary>
    public bool SubjectProjectionPerLayer { get; init; }

    /// <summary>False leaves out the blocks (the paper's ablation without CA): every cross-attention looks at the edit embedding as it is, and the scene is not seen.</summary>
    public bool SceneAttention { get; init; } = true;

    /// <summary>Checks the sizes.</summary>
    /// <exception cref="ArgumentException">They cannot be built; every problem is named.</exception>
    public void Validate()
    {
        var problems = new List<string>();
        foreach (var (name, value) in new[] { (nameof(Layers), Layers), (nameof(EmbeddingDim), EmbeddingDim), (nameof(VisionDim), VisionDim), (nameof(SubjectDim), SubjectDim), (nameof(Heads), Heads) })
            if (value < 1)
                problems.Add($"{name} is {value} and must be at least 1");
        if (Heads > 0 && EmbeddingDim % Heads != 0)
            problems.Add($"{nameof(EmbeddingDim)} {EmbeddingDim} is not divisible by {Heads} heads");
        if (!SceneAttention && SubjectProjectionPerLayer)
            problems.Add($"{nameof(SubjectProjectionPerLayer)} needs {nameof(SceneAttention)}");
        if (problems.Count > 0)
            throw new ArgumentException($"This adapter cannot be built: {string.Join("; ", problems)}.");
    }
}
