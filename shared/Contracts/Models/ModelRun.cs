namespace FlexEdit.Contracts.Models;

/// <summary>What made a result, as far as its files tell: kept with the edit, so that a replay knows whether it is still the same.</summary>
public sealed record ModelRun
{
    /// <summary>SHA-256 of each file of the model's folder, by name, lower-case hexadecimal.</summary>
    public required IReadOnlyDictionary<string, string> Digests { get; init; }
    /// <summary>How it sampled.</summary>
    public required SamplerCard Sampler { get; init; }

    /// <summary>Of the model with this card.</summary>
    public static ModelRun Of(ModelCard card) => new() { Digests = card.Digests, Sampler = card.Sampler };

    /// <summary>Whether both have the same files and sample alike.</summary>
    public bool IsSame(ModelRun other) =>
        Sampler == other.Sampler && Digests.Count == other.Digests.Count && Digests.All(file => other.Digests.GetValueOrDefault(file.Key) == file.Value);
}
