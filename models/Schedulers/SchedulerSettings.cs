using System.Text.Json.Nodes;

namespace FlexEdit.Models.Schedulers;

/// <summary>The defaults of each published scheduler class, and the settings that ours do not have.</summary>
internal static class SchedulerSettings
{
    // Every published setting that changes results when it is on and that we do not implement.
    private static readonly string[] MustBeOff =
    [
        "thresholding", "use_exponential_sigmas", "use_beta_sigmas", "use_lu_lambdas", "use_flow_sigmas", "use_dynamic_shifting", "invert_sigmas",
    ];

    private static readonly string[] MustBeNull = ["sigma_min", "sigma_max", "solver_p", "shift_terminal"];

    private static readonly (string Key, string Only)[] MustBe =
    [
        ("interpolation_type", "linear"), ("timestep_type", "discrete"), ("algorithm_type", "dpmsolver++"),
    ];

    public static SchedulerConfig DefaultsOf(string className)
    {
        var config = new SchedulerConfig { ClassName = className };
        return className switch
        {
            SchedulerNames.Ddim or SchedulerNames.Ddpm => config with { ClipSample = true, VarianceType = "fixed_small" },
            SchedulerNames.Euler or SchedulerNames.EulerAncestral or SchedulerNames.DpmSolver => config with { TimestepSpacing = TimestepSpacing.Linspace },
            SchedulerNames.UniPc => config with { TimestepSpacing = TimestepSpacing.Linspace, SolverType = "bh2" },
            SchedulerNames.Lcm => config with { BetaStart = 0.00085, BetaEnd = 0.012, BetaSchedule = BetaSchedule.ScaledLinear },
            SchedulerNames.FlowMatchEuler => config with { TimestepSpacing = TimestepSpacing.Linspace, PredictionType = PredictionType.FlowPrediction },
            _ => throw new NotSupportedException($"'{className}' is not a scheduler known here; known are {string.Join(", ", SchedulerNames.All)}."),
        };
    }

    public static void RequireSupported(JsonObject given)
    {
        var wrong = new List<string>();
        foreach (var key in MustBeOff)
        {
            if (given[key] is JsonValue value && value.TryGetValue(out bool on) && on)
                wrong.Add($"{key}=true");
        }
        foreach (var key in MustBeNull)
        {
            if (given[key] is { } value)
                wrong.Add($"{key}={value.ToJsonString()}");
        }
        foreach (var (key, only) in MustBe)
        {
            if (given[key] is JsonValue value && (!value.TryGetValue(out string? text) || text != only))
                wrong.Add($"{key}={value.ToJsonString()} (only \"{only}\")");
        }
        if (given["predict_x0"] is JsonValue predict && predict.TryGetValue(out bool clean) && !clean)
            wrong.Add("predict_x0=false");
        if (wrong.Count > 0)
            throw new NotSupportedException($"The scheduler's configuration asks for what is not implemented: {string.Join(", ", wrong)}.");
    }
}
