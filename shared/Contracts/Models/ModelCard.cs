namespace FlexEdit.Contracts.Models;

/// <summary>
/// <c>card.json</c> of a model folder: what the model is, what may be asked of it, and which files it consists of.
/// Shown as it is at <c>GET /v1/models/{id}</c>.
/// </summary>
public sealed record ModelCard
{
    /// <summary>Model id, as clients name it.</summary>
    public required string Id { get; init; }
    /// <summary>Always <c>model</c>.</summary>
    public string Object { get; init; } = "model";
    /// <summary>The method: <c>flexedit</c> or a baseline's name.</summary>
    public required string Method { get; init; }
    /// <summary>One or two sentences for a person.</summary>
    public required string Description { get; init; }
    /// <summary>Side of the square crop that the model paints, in pixels.</summary>
    public required int Resolution { get; init; }
    /// <summary>Side of the crop divided by the longer side of the mask's box.</summary>
    public required double CropFactor { get; init; }
    /// <summary>Licence of the weights (SPDX).</summary>
    public required string Licence { get; init; }
    /// <summary>How it samples.</summary>
    public required SamplerCard Sampler { get; init; }
    /// <summary>Default of every option.</summary>
    public required OptionDefaults Defaults { get; init; }
    /// <summary>[least, greatest] of every numeric option, by its API name.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<double>> Ranges { get; init; }
    /// <summary>Profiles that it knows.</summary>
    public IReadOnlyList<string> Profiles { get; init; } = ["exact"];
    /// <summary>Longest instruction in tokens.</summary>
    public required int InstructionTokens { get; init; }
    /// <summary>Whether the denoising network gets the mask as a channel beside the overlay that the language model sees.</summary>
    public required bool MaskChannel { get; init; }
    /// <summary>Whether an approval may put another label in the place of the model's, which the model then reads.</summary>
    public bool ReadsLabels { get; init; }
    /// <summary>What it can do, one phrase each.</summary>
    public IReadOnlyList<string> Can { get; init; } = [];
    /// <summary>What it cannot do, one phrase each.</summary>
    public IReadOnlyList<string> Cannot { get; init; } = [];
    /// <summary>SHA-256 of each file of the folder, by name.</summary>
    public required IReadOnlyDictionary<string, string> Digests { get; init; }
    /// <summary>Measured quality, by metric.</summary>
    public IReadOnlyDictionary<string, double> Quality { get; init; } = new Dictionary<string, double>();
}

/// <summary>Scheduler and prediction type of a model.</summary>
public sealed record SamplerCard
{
    /// <summary><c>flow_match_euler</c>, <c>ddim</c> or <c>dpmpp_2m</c>.</summary>
    public required string Scheduler { get; init; }
    /// <summary><c>sample</c>, <c>epsilon</c> or <c>v_prediction</c>.</summary>
    public required string PredictionType { get; init; }
}

/// <summary>Defaults of the sampler options.</summary>
public sealed record OptionDefaults
{
    /// <summary>Sampler steps.</summary>
    public required int Steps { get; init; }
    /// <summary>s_T.</summary>
    public required double GuidanceScale { get; init; }
    /// <summary>s_I.</summary>
    public required double ImageGuidanceScale { get; init; }
    /// <summary>λ of eq. 7.</summary>
    public required double SubjectScale { get; init; }
}
