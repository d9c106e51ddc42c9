namespace HomelabOps.Core;

/// <summary>Errors of backing up.</summary>
internal static partial class Errors
{
    /// <summary>The data could not be read, or what came is not what the node has.</summary>
    public static HomelabException BackupFailed(string app, string folder, ResourceReference node, string detail) => new(
        nameof(BackupFailed), ErrorKind.InvalidData, Text(nameof(BackupFailed), app, folder, node.Name, detail), node);

    /// <summary>The disk of this machine is too full.</summary>
    public static HomelabException BackupNoRoom(string folder, long free, long needed) => new(
        nameof(BackupNoRoom), ErrorKind.ResourceUnavailable, Text(nameof(BackupNoRoom), folder, Display.Bytes(free), Display.Bytes(needed)), folder);

    /// <summary>The archive cannot be written.</summary>
    public static HomelabException BackupUnwritable(string folder, Exception cause) => new(
        nameof(BackupUnwritable), ErrorKind.PermissionDenied, Text(nameof(BackupUnwritable), folder, cause.Message), folder, terminates: false, cause);

    /// <summary>A file where the folder for archives is wanted.</summary>
    public static HomelabException BackupIntoFile(string path) => new(
        nameof(BackupUnwritable), ErrorKind.PermissionDenied, Text(nameof(BackupUnwritable) + "_File", path), path);

    /// <summary>A literal name of an application that has no backup in a folder; an empty one stands for the cluster.</summary>
    public static HomelabException BackupNotFound(string app, string folder) => new(
        nameof(BackupNotFound), ErrorKind.ObjectNotFound, folder.Length == 0 ? Text(nameof(BackupNotFound) + "_Cluster", app) : Text(nameof(BackupNotFound), app, folder), app);

    /// <summary>A folder of backups that is not there or cannot be read.</summary>
    public static HomelabException BackupFolderUnreadable(string folder, Exception cause) =>
        MakeCaused(nameof(BackupFolderUnreadable), ErrorKind.ObjectNotFound, folder, cause, folder, cause.Message);

    /// <summary>Several backups of one application, where only one can be restored.</summary>
    public static HomelabException BackupAmbiguous(string app, string backups) => new(
        nameof(BackupAmbiguous), ErrorKind.InvalidArgument, Text(nameof(BackupAmbiguous), app, backups), app);

    /// <summary>An archive that is cut off, damaged, or not what was written.</summary>
    public static HomelabException BackupDamaged(string path, string detail) => new(
        nameof(BackupDamaged), ErrorKind.InvalidData, Text(nameof(BackupDamaged), path, detail), path);

    /// <summary>A backup of another application, by its name.</summary>
    public static HomelabException BackupForeign(string path, HomelabApp app, string other) => new(
        nameof(BackupForeign), ErrorKind.InvalidArgument, Text(nameof(BackupForeign), path, app, other), path);

    /// <summary>A repository of another claim than the application's.</summary>
    public static HomelabException BackupForeignClaim(ResourceReference source, HomelabApp app, string claim) => new(
        nameof(BackupForeign), ErrorKind.InvalidArgument, Text(nameof(BackupForeign) + "_Claim", source, app, claim), source);

    /// <summary>A replication that keeps no snapshots.</summary>
    public static HomelabException BackupForeignMover(ResourceReference source, HomelabApp app) => new(
        nameof(BackupForeign), ErrorKind.InvalidArgument, Text(nameof(BackupForeign) + "_Mover", source, app), source);

    /// <summary>A backup of folders that are not the application's.</summary>
    public static HomelabException BackupForeign(string path, HomelabApp app, string folders, string own) => new(
        nameof(BackupForeign), ErrorKind.InvalidArgument, Text(nameof(BackupForeign) + "_Folders", path, app, folders, own), path);

    /// <summary>Nothing says which backup is meant.</summary>
    public static HomelabException BackupRequired() => Make(nameof(BackupRequired), ErrorKind.InvalidArgument, null);

    /// <summary>An archive that is not there or cannot be read.</summary>
    public static HomelabException BackupUnreadable(string path, Exception cause) => new(
        nameof(BackupUnreadable), ErrorKind.ObjectNotFound, Text(nameof(BackupUnreadable), path, cause.Message), path, terminates: false, cause);

    /// <summary>A folder where an archive is wanted.</summary>
    public static HomelabException BackupIsFolder(string path, Exception cause) => new(
        nameof(BackupUnreadable), ErrorKind.ObjectNotFound, Text(nameof(BackupUnreadable) + "_Folder", path), path, terminates: false, cause);

    /// <summary>A snapshot is asked for of an archive or a copy.</summary>
    public static HomelabException BackupWithoutSnapshots(string path) => new(
        nameof(BackupWithoutSnapshots), ErrorKind.InvalidArgument, Text(nameof(BackupWithoutSnapshots), path), path);

    /// <summary>A HelmRelease could not be resumed after the application was not stopped.</summary>
    public static HomelabException ReleaseLeftSuspended(ResourceReference release, string cause, string detail) => new(
        nameof(ReleaseLeftSuspended), ErrorKind.InvalidData, Text(nameof(ReleaseLeftSuspended), release, cause, detail), release);

    /// <summary>Data could not be put back.</summary>
    public static HomelabException RestoreFailed(HomelabApp app, string folder, ResourceReference node, string detail) => new(
        nameof(RestoreFailed), ErrorKind.InvalidData, Text(nameof(RestoreFailed), app, folder, node.Name, detail), node);

    /// <summary>The disk of the node is too full.</summary>
    public static HomelabException RestoreNoRoom(ResourceReference node, string folder, long free, long needed) => new(
        nameof(RestoreNoRoom), ErrorKind.ResourceUnavailable, Text(nameof(RestoreNoRoom), folder, node.Name, Display.Bytes(free), Display.Bytes(needed)), node);
}
