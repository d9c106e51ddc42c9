namespace HomelabOps;

/// <summary>What runs checks on a schedule.</summary>
public enum HomelabScheduler
{
    /// <summary>The one that the machine has.</summary>
    Auto,

    /// <summary>A timer and a service of systemd.</summary>
    Systemd,

    /// <summary>A line of cron.</summary>
    Cron,

    /// <summary>An agent of launchd, on macOS.</summary>
    Launchd,

    /// <summary>A task of Windows' Task Scheduler.</summary>
    TaskScheduler,
}
