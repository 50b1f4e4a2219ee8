namespace FlexEdit.Models.Schedulers;

/// <summary>How the variance added per training step grows. Names in files are in snake case.</summary>
public enum BetaSchedule
{
    /// <summary>Equal steps from start to end (Ho et al. 2020, section 4).</summary>
    Linear,

    /// <summary>Equal steps of the square root (Stable Diffusion).</summary>
    ScaledLinear,

    /// <summary>From a squared cosine of the remaining signal (Nichol and Dhariwal 2021, equation 17), capped at 0.999.</summary>
    SquaredcosCapV2,
}
