namespace HomelabOps.Core;

/// <summary>Errors of checks on a schedule.</summary>
internal static partial class Errors
{
    /// <summary>There is a check of that name.</summary>
    public static HomelabException CheckExists(string name) => Make(nameof(CheckExists), ErrorKind.ResourceExists, name, name);

    /// <summary>A name or schedule that no check can have.</summary>
    public static HomelabException CheckInvalid(string value, string detail) => Make(nameof(CheckInvalid), ErrorKind.InvalidArgument, value, value, detail);

    /// <summary>A check needs a cluster that is there when it runs.</summary>
    public static HomelabException CheckOfSandbox() => Make(nameof(CheckOfSandbox), ErrorKind.InvalidOperation, null);

    /// <summary>There is no check of that name.</summary>
    public static HomelabException CheckNotFound(string name, string path) => new(nameof(CheckNotFound), ErrorKind.ObjectNotFound, Text(nameof(CheckNotFound), name, path), name);

    /// <summary>The file of a check is damaged.</summary>
    public static HomelabException CheckUnreadable(string path, Exception reason) => MakeCaused(nameof(CheckUnreadable), ErrorKind.InvalidData, path, reason, path, reason.Message);

    /// <summary>A file of a check cannot be written.</summary>
    public static HomelabException CheckUnwritable(string path, Exception reason) => MakeCaused(nameof(CheckUnwritable), ErrorKind.PermissionDenied, path, reason, path, reason.Message);

    /// <summary>A program of the scheduler failed.</summary>
    public static HomelabException SchedulerFailed(string call, string detail) => Make(nameof(SchedulerFailed), ErrorKind.InvalidOperation, call, call, detail);

    /// <summary>The scheduler goes on running a check.</summary>
    public static HomelabException SchedulerKeeps(string call, string detail) => MakeFrom(nameof(SchedulerFailed) + "_Keeps", nameof(SchedulerFailed), ErrorKind.InvalidOperation, call, call, detail);

    /// <summary>The machine has nothing that runs things on a schedule, or nothing to run them with.</summary>
    public static HomelabException SchedulerNotFound() => Make(nameof(SchedulerNotFound), ErrorKind.NotInstalled, null);

    /// <summary>There is no program that the schedule could run.</summary>
    public static HomelabException ShellNotFound() => Make(nameof(ShellNotFound), ErrorKind.NotInstalled, null);

    /// <summary>Nothing says to where changes are told. What stands there is not shown.</summary>
    public static HomelabException WebhookUnreadable(string where, string detail) => Make(nameof(WebhookUnreadable), ErrorKind.InvalidArgument, where, where, detail);
}
