namespace HomelabOps.Core;

/// <summary>Errors of changing objects of Flux, and of the journal of changes.</summary>
internal static partial class Errors
{
    /// <summary>Several objects match where one is changed.</summary>
    public static HomelabException NameAmbiguous(string typed, IEnumerable<ResourceReference> candidates) => new(
        nameof(NameAmbiguous), ErrorKind.InvalidArgument, Text(nameof(NameAmbiguous), typed, string.Join(", ", candidates)), typed);

    /// <summary>Nothing says which objects are to be changed.</summary>
    public static HomelabException NameRequired() => Make(nameof(NameRequired), ErrorKind.InvalidArgument, null);

    /// <summary>The controller tried and failed; its own words.</summary>
    public static HomelabException FluxReconcileFailed(ResourceReference resource, string reason, string message) => new(
        nameof(FluxReconcileFailed), ErrorKind.InvalidOperation, Text(nameof(FluxReconcileFailed), resource, reason, message), resource);

    /// <summary>No pod of a controller of Flux is there.</summary>
    public static HomelabException FluxControllersNotFound(string cluster) => new(
        nameof(FluxControllersNotFound), ErrorKind.ObjectNotFound, Text(nameof(FluxControllersNotFound), cluster), cluster);

    /// <summary>The server would not take an object of a build.</summary>
    public static HomelabException FluxObjectRefused(ResourceReference resource, string? file, long line, string? reason, string detail) => new(
        nameof(FluxObjectRefused),
        ErrorKind.InvalidData,
        Text(nameof(FluxObjectRefused), resource, file is null ? "" : line > 0 ? $" ({file}:{line})" : $" ({file})", reason is null ? "" : $" ({reason})", detail),
        resource);

    /// <summary>A Kustomization that applies its objects to another cluster.</summary>
    public static HomelabException FluxRemoteCluster(ResourceReference resource) => new(
        nameof(FluxRemoteCluster), ErrorKind.InvalidOperation, Text(nameof(FluxRemoteCluster), resource), resource);

    /// <summary>Something that neither a Kustomization nor a HelmRelease applies, and none of its owners either.</summary>
    public static HomelabException FluxOwnerNotFound(ResourceReference resource, IReadOnlyCollection<string> notes) => new(
        nameof(FluxOwnerNotFound),
        ErrorKind.ObjectNotFound,
        notes.Count == 0 ? Text(nameof(FluxOwnerNotFound), resource) : Text(nameof(FluxOwnerNotFound) + "_Because", resource, string.Join("; ", notes)),
        resource);

    /// <summary>A HelmRelease that no Kustomization applies, where a Kustomization is wanted.</summary>
    public static HomelabException FluxOwnerNotFound(ResourceReference resource) => new(
        nameof(FluxOwnerNotFound), ErrorKind.ObjectNotFound, Text(nameof(FluxOwnerNotFound) + "_Kustomization", resource), resource);

    /// <summary>An object of Flux that applies nothing.</summary>
    public static HomelabException FluxTreeUnsupported(ResourceReference resource) => new(
        nameof(FluxTreeUnsupported), ErrorKind.InvalidArgument, Text(nameof(FluxTreeUnsupported), resource), resource);

    /// <summary>Helm's own record of a release cannot be read.</summary>
    public static HomelabException HelmStorageInvalid(string place, Exception cause) => new(
        nameof(HelmStorageInvalid), ErrorKind.InvalidData, Text(nameof(HelmStorageInvalid), place, cause.Message), place, terminates: false, cause);

    /// <summary>It was not reconciled because what comes before it failed.</summary>
    public static HomelabException FluxReconcileSkipped(ResourceReference resource, HomelabException cause) => new(
        nameof(FluxReconcileSkipped), ErrorKind.InvalidOperation, Text(nameof(FluxReconcileSkipped), resource, cause.Message), resource, terminates: false, cause);

    /// <summary>The controller did not answer in time.</summary>
    public static HomelabException FluxReconcileTimeout(ResourceReference resource, TimeSpan limit, string message) => new(
        nameof(FluxReconcileTimeout), ErrorKind.OperationTimeout, Text(nameof(FluxReconcileTimeout), resource, limit.TotalSeconds, message), resource);

    /// <summary>A kind that no controller reconciles.</summary>
    public static HomelabException FluxStatic(ResourceReference resource) => new(
        nameof(FluxStatic), ErrorKind.InvalidOperation, Text(nameof(FluxStatic), resource), resource);

    /// <summary>An object that an operation keeps suspended, since Git does not have its commit yet.</summary>
    public static HomelabException FluxHeld(ResourceReference resource, string operation) => new(
        nameof(FluxHeld), ErrorKind.InvalidOperation, Text(nameof(FluxHeld), resource, operation), resource);

    /// <summary>A suspension that would be over at once, or never within what a date can say.</summary>
    public static HomelabException SuspensionEndInvalid(TimeSpan duration) => Make(nameof(SuspensionEndInvalid), ErrorKind.InvalidArgument, duration, duration);

    /// <summary>A suspended object cannot be reconciled.</summary>
    public static HomelabException FluxSuspended(FluxResource resource) => new(
        nameof(FluxSuspended),
        ErrorKind.ResourceUnavailable,
        Text(nameof(FluxSuspended), resource.Reference, resource.Suspension?.ToString() is { Length: > 0 } known ? $" ({known})" : ""),
        resource.Reference);

    /// <summary>The object was deleted while it was changed or waited for.</summary>
    public static HomelabException FluxResourceDeleted(ResourceReference resource) => new(
        nameof(FluxResourceDeleted), ErrorKind.ObjectNotFound, Text(nameof(FluxResourceDeleted), resource), resource);

    /// <summary>A later version of the module wrote the journal.</summary>
    public static HomelabException JournalTooNew(string path, int version) => Make(nameof(JournalTooNew), ErrorKind.InvalidData, path, path, version);

    /// <summary>What was done before is not known.</summary>
    public static HomelabException JournalUnreadable(string path, Exception cause) => MakeCaused(
        nameof(JournalUnreadable), ErrorKind.PermissionDenied, path, cause, path, cause.Message);

    /// <summary>Without its journal no change is made.</summary>
    public static HomelabException JournalUnwritable(string path, Exception cause) => MakeCaused(
        nameof(JournalUnwritable), ErrorKind.PermissionDenied, path, cause, path, cause.Message);
}
