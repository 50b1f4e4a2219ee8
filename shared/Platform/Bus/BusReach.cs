namespace FlexEdit.Platform.Bus;

/// <summary>Whom the bus of a process has to reach.</summary>
public enum BusReach
{
    /// <summary>All services run in this process.</summary>
    ThisProcess,
    /// <summary>Other services run in processes of their own, so the transport must be one that processes share.</summary>
    OtherProcesses,
}
