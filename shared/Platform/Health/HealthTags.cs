namespace FlexEdit.Platform.Health;

/// <summary>Tags of health checks.</summary>
public static class HealthTags
{
    /// <summary>Counts for <c>/healthz/ready</c>. <c>/healthz/live</c> asks only whether the process answers.</summary>
    public const string Ready = "ready";
}
