namespace HomelabOps.Core;

/// <summary>Errors of reports.</summary>
internal static partial class Errors
{
    /// <summary>There is a file already, and it may not be replaced.</summary>
    public static HomelabException ReportExists(string path) => Make(nameof(ReportExists), ErrorKind.ResourceExists, path, path);

    /// <summary>The name of the file is a pattern.</summary>
    public static HomelabException ReportPathUnfit(string path) => Make(nameof(ReportPathUnfit), ErrorKind.InvalidArgument, path, path);

    /// <summary>The file cannot be written.</summary>
    public static HomelabException ReportUnwritable(string path, Exception reason) => MakeCaused(
        nameof(ReportUnwritable), ErrorKind.PermissionDenied, path, reason, path, reason.Message);
}
