namespace HomelabOps.Core;

/// <summary>Errors of recoveries.</summary>
internal static partial class Errors
{
    /// <summary>What is read here is another branch than the one that Flux would follow.</summary>
    public static HomelabException RecoveryBranchDiffers(string repository, string read, string followed) => Make(
        nameof(RecoveryBranchDiffers), ErrorKind.InvalidArgument, repository, repository, read, followed);

    /// <summary>Nobody has said by what Flux is to read its repository.</summary>
    public static HomelabException RecoveryCredentialRequired(string secret, string url) => Make(nameof(RecoveryCredentialRequired), ErrorKind.InvalidArgument, secret, secret, url);

    /// <summary>Objects are stored in a version that the definitions of the repository do not have.</summary>
    public static HomelabException RecoveryDefinitionUnfit(string definition, string versions, string flux) => Make(
        nameof(RecoveryDefinitionUnfit), ErrorKind.InvalidOperation, definition, definition, versions, flux);

    /// <summary>The repository has nothing that installs Flux.</summary>
    public static HomelabException RecoveryFluxMissing(string repository, string file) => Make(nameof(RecoveryFluxMissing), ErrorKind.ObjectNotFound, repository, repository, file);

    /// <summary>Flux is there, and follows something else.</summary>
    public static HomelabException RecoveryForeignFlux(string cluster, string url, string path, string wanted) => Make(
        nameof(RecoveryForeignFlux), ErrorKind.ResourceExists, cluster, cluster, url, path, wanted);

    /// <summary>No key of the host is known that Flux could trust.</summary>
    public static HomelabException RecoveryHostUnknown(string url, string file) => Make(nameof(RecoveryHostUnknown), ErrorKind.SecurityError, url, url, file);

    /// <summary>The key lies in the repository itself.</summary>
    public static HomelabException RecoveryKeyInRepository(string file) => Make(nameof(RecoveryKeyInRepository), ErrorKind.SecurityError, file, file);

    /// <summary>The newest commit does not build.</summary>
    public static HomelabException RecoveryBuildFailed(string cluster, string revision, IReadOnlyList<string> failures) => Make(
        nameof(RecoveryBuildFailed), ErrorKind.InvalidData, cluster, cluster, revision, string.Join("; ", failures));

    /// <summary>What was given is not what an address of this kind takes.</summary>
    public static HomelabException RecoveryLoginUnfit(string url, string detail) => Make(nameof(RecoveryLoginUnfit), ErrorKind.InvalidArgument, url, url, detail);

    /// <summary>The repository is of several clusters.</summary>
    public static HomelabException RecoveryPathAmbiguous(string repository, IReadOnlyList<string> paths) => Make(
        nameof(RecoveryPathAmbiguous), ErrorKind.InvalidArgument, repository, repository, string.Join(", ", paths));

    /// <summary>The repository has no cluster at this path.</summary>
    public static HomelabException RecoveryPathUnknown(string path, string repository, IReadOnlyList<string> paths) => Make(
        nameof(RecoveryPathUnknown), ErrorKind.ObjectNotFound, path, path, repository, string.Join(", ", paths));

    /// <summary>The account may not do everything, so it can give Flux no right to.</summary>
    public static HomelabException RecoveryRightsMissing(string cluster) => Make(nameof(RecoveryRightsMissing), ErrorKind.PermissionDenied, cluster, cluster);

    /// <summary>The source's Secret is there, with other content.</summary>
    public static HomelabException RecoverySecretDiffers(string secret) => Make(nameof(RecoverySecretDiffers), ErrorKind.ResourceExists, secret, secret);

    /// <summary>The time is over.</summary>
    public static HomelabException RecoveryUnfinished(string cluster, string step, TimeSpan time, IReadOnlyList<string> pending) => Make(
        nameof(RecoveryUnfinished), ErrorKind.OperationTimeout, cluster, cluster, Display.Duration(time), step, string.Join("; ", pending.DefaultIfEmpty("-")));
}
