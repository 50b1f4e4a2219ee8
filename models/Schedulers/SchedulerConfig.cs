using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace FlexEdit.Models.Schedulers;

/// <summary>
/// The published configuration of a scheduler (<c>scheduler_config.json</c> of diffusers; names in snake case there). Keys that a file
/// leaves out have the defaults of its class, which differ between classes: read files with <see cref="FromJson"/>.
/// </summary>
public sealed record SchedulerConfig
{
    /// <summary>Published name of the class, e.g. <c>DDIMScheduler</c>.</summary>
    [JsonPropertyName("_class_name")]
    public required string ClassName { get; init; }

    /// <summary>Steps of the training process.</summary>
    public int NumTrainTimesteps { get; init; } = 1000;

    /// <summary>Variance added by the first training step.</summary>
    public double BetaStart { get; init; } = 0.0001;

    /// <summary>Variance added by the last training step.</summary>
    public double BetaEnd { get; init; } = 0.02;

    /// <summary>How the variance grows between both.</summary>
    public BetaSchedule BetaSchedule { get; init; }

    /// <summary>The variances themselves, in place of the schedule.</summary>
    public IReadOnlyList<double>? TrainedBetas { get; init; }

    /// <summary>Rescales the schedule so that nothing of the signal is left at its end (Lin et al. 2024, algorithm 1).</summary>
    public bool RescaleBetasZeroSnr { get; init; }

    /// <summary>What the network predicts.</summary>
    public PredictionType PredictionType { get; init; }

    /// <summary>Which training steps are visited.</summary>
    public TimestepSpacing TimestepSpacing { get; init; } = TimestepSpacing.Leading;

    /// <summary>Added to every time step of leading spacing.</summary>
    public int StepsOffset { get; init; }

    /// <summary>DDIM and LCM: whether the sample before the first training step counts as noiseless.</summary>
    public bool SetAlphaToOne { get; init; } = true;

    /// <summary>Whether the predicted clean sample is clamped to ± <see cref="ClipSampleRange"/>.</summary>
    public bool ClipSample { get; init; }

    /// <summary>Bound of the predicted clean sample.</summary>
    public double ClipSampleRange { get; init; } = 1;

    /// <summary>DDPM: <c>fixed_small</c>, <c>fixed_small_log</c> (the same) or <c>fixed_large</c>.</summary>
    public string? VarianceType { get; init; }

    /// <summary>Multistep solvers: 1 or 2.</summary>
    public int SolverOrder { get; init; } = 2;

    /// <summary>DPM-Solver: only <c>dpmsolver++</c>.</summary>
    public string AlgorithmType { get; init; } = "dpmsolver++";

    /// <summary>DPM-Solver: <c>midpoint</c> or <c>heun</c>; UniPC: <c>bh1</c> or <c>bh2</c>.</summary>
    public string SolverType { get; init; } = "midpoint";

    /// <summary>Multistep solvers: first order at the end of a short run.</summary>
    public bool LowerOrderFinal { get; init; } = true;

    /// <summary>DPM-Solver: first order at the end of every run.</summary>
    public bool EulerAtFinal { get; init; }

    /// <summary>DPM-Solver: time steps whose λ lies below are never visited.</summary>
    public double LambdaMinClipped { get; init; } = double.NegativeInfinity;

    /// <summary>UniPC: indices of the steps after which nothing is corrected.</summary>
    public IReadOnlyList<int> DisableCorrector { get; init; } = [];

    /// <summary>Noise levels after Karras et al. 2022, equation 5, with ρ = 7.</summary>
    public bool UseKarrasSigmas { get; init; }

    /// <summary>The noise level after the last step.</summary>
    [JsonPropertyName("final_sigmas_type")]
    public FinalSigma FinalSigma { get; init; }

    /// <summary>LCM: steps of the solver that it was distilled from.</summary>
    public int OriginalInferenceSteps { get; init; } = 50;

    /// <summary>LCM: factor of the time step in the boundary condition.</summary>
    public double TimestepScaling { get; init; } = 10;

    /// <summary>Flow matching: shift of the noise levels towards noise (Esser et al. 2024, equation 23); 1 leaves them.</summary>
    public double Shift { get; init; } = 1;

    /// <summary>Reads a published configuration.</summary>
    /// <param name="json">Its text; bare <c>-Infinity</c> is understood.</param>
    /// <param name="className">Published name of the class, where the text does not hold it as <c>_class_name</c>.</param>
    /// <exception cref="JsonException">Not such a configuration.</exception>
    /// <exception cref="NotSupportedException">The class, or settings of it, are not implemented; all are listed.</exception>
    public static SchedulerConfig FromJson(string json, string? className = null)
    {
        ArgumentNullException.ThrowIfNull(json);
        if (JsonNode.Parse(PublishedJson.QuoteNonFinite(json)) is not JsonObject given)
            throw new JsonException("A scheduler's configuration is a JSON object.");
        className ??= given["_class_name"]?.GetValue<string>() ?? throw new JsonException("The configuration has no _class_name.");
        SchedulerSettings.RequireSupported(given);
        var merged = JsonSerializer.SerializeToNode(SchedulerSettings.DefaultsOf(className), Json)!.AsObject();
        foreach (var (key, value) in given)
        {
            if (value is not null && key != "_class_name")
                merged[key] = value.DeepClone();
        }
        return merged.Deserialize<SchedulerConfig>(Json)!;
    }

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };
}
