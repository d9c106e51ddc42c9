namespace HomelabOps.Core;

/// <summary>Errors of homelab.yaml.</summary>
internal static partial class Errors
{
    /// <summary>There is a file already, and nobody said that it may be replaced.</summary>
    public static HomelabException HomelabConfigExists(string path) => Make(nameof(HomelabConfigExists), ErrorKind.ResourceExists, path, path);

    /// <summary>The file cannot be understood, with the place.</summary>
    public static HomelabException HomelabConfigInvalid(string path, long line, long column, string detail) => Make(
        nameof(HomelabConfigInvalid), ErrorKind.InvalidData, path, path, line, column, detail);

    /// <summary>A file that was named does not exist; a variable may have named it.</summary>
    public static HomelabException HomelabConfigNotFound(string path, string? variable) => variable is null
        ? Make(nameof(HomelabConfigNotFound), ErrorKind.ObjectNotFound, path, path)
        : MakeFrom(nameof(HomelabConfigNotFound) + "_Variable", nameof(HomelabConfigNotFound), ErrorKind.ObjectNotFound, path, path, variable);

    /// <summary>No path was given, and there is no folder of the user.</summary>
    public static HomelabException HomelabConfigNowhere() => MakeFrom(
        nameof(HomelabConfigNotFound) + "_Nowhere", nameof(HomelabConfigNotFound), ErrorKind.ObjectNotFound, null);

    /// <summary>The file exists and cannot be read.</summary>
    public static HomelabException HomelabConfigUnreadable(string path, Exception reason) => MakeCaused(
        nameof(HomelabConfigUnreadable), ErrorKind.PermissionDenied, path, reason, path, reason.Message);

    /// <summary>The file cannot be written.</summary>
    public static HomelabException HomelabConfigUnwritable(string path, Exception reason) => MakeCaused(
        nameof(HomelabConfigUnwritable), ErrorKind.PermissionDenied, path, reason, path, reason.Message);
}
