namespace FlexEdit.Models.Schedulers;

/// <summary>What a network says about a noisy sample x = α·x0 + σ·ε. Names in files are in snake case.</summary>
public enum PredictionType
{
    /// <summary>The noise ε (Ho et al. 2020, "Denoising Diffusion Probabilistic Models", section 3.2).</summary>
    Epsilon,

    /// <summary>The clean sample x0.</summary>
    Sample,

    /// <summary>v = α·ε − σ·x0 (Salimans and Ho 2022, "Progressive Distillation", appendix D), with α² + σ² = 1.</summary>
    VPrediction,

    /// <summary>The velocity ε − x0 of the straight path between both (Liu et al. 2023, "Flow Straight and Fast", equation 1).</summary>
    FlowPrediction,
}
