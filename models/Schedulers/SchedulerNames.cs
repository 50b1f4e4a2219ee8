namespace FlexEdit.Models.Schedulers;

/// <summary>The published class names of the schedulers, as they stand in <c>_class_name</c>.</summary>
public static class SchedulerNames
{
    /// <summary><see cref="DdimScheduler"/>.</summary>
    public const string Ddim = "DDIMScheduler";

    /// <summary><see cref="DdpmScheduler"/>.</summary>
    public const string Ddpm = "DDPMScheduler";

    /// <summary><see cref="EulerScheduler"/>.</summary>
    public const string Euler = "EulerDiscreteScheduler";

    /// <summary><see cref="EulerAncestralScheduler"/>.</summary>
    public const string EulerAncestral = "EulerAncestralDiscreteScheduler";

    /// <summary><see cref="DpmSolverScheduler"/>.</summary>
    public const string DpmSolver = "DPMSolverMultistepScheduler";

    /// <summary><see cref="UniPcScheduler"/>.</summary>
    public const string UniPc = "UniPCMultistepScheduler";

    /// <summary><see cref="LcmScheduler"/>.</summary>
    public const string Lcm = "LCMScheduler";

    /// <summary><see cref="FlowMatchEulerScheduler"/>.</summary>
    public const string FlowMatchEuler = "FlowMatchEulerDiscreteScheduler";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Ddim, Ddpm, DpmSolver, Euler, EulerAncestral, FlowMatchEuler, Lcm, UniPc];
}
