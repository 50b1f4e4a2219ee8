namespace FlexEdit.Models.Schedulers;

/// <summary>Makes the scheduler that a configuration names.</summary>
public static class SchedulerCatalog
{
    /// <summary>The scheduler of <see cref="SchedulerConfig.ClassName"/>.</summary>
    /// <exception cref="NotSupportedException">The class or a setting of it is not implemented.</exception>
    /// <exception cref="ArgumentException">Settings contradict each other.</exception>
    public static Scheduler Create(SchedulerConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return config.ClassName switch
        {
            SchedulerNames.Ddim => new DdimScheduler(config),
            SchedulerNames.Ddpm => new DdpmScheduler(config),
            SchedulerNames.Euler => new EulerScheduler(config),
            SchedulerNames.EulerAncestral => new EulerAncestralScheduler(config),
            SchedulerNames.DpmSolver => new DpmSolverScheduler(config),
            SchedulerNames.UniPc => new UniPcScheduler(config),
            SchedulerNames.Lcm => new LcmScheduler(config),
            SchedulerNames.FlowMatchEuler => new FlowMatchEulerScheduler(config),
            _ => throw new NotSupportedException($"'{config.ClassName}' is not a scheduler known here; known are {string.Join(", ", SchedulerNames.All)}."),
        };
    }
}
