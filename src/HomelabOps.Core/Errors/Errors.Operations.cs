namespace HomelabOps.Core;

/// <summary>Errors of failovers and other operations.</summary>
internal static partial class Errors
{
    /// <summary>A database that an application would be moved to is damaged.</summary>
    public static HomelabException DatabaseDamaged(string path, string node, string detail) => new(
        nameof(DatabaseDamaged), ErrorKind.InvalidData, Text(nameof(DatabaseDamaged), path, node, detail), path);

    /// <summary>The databases of a node could not be read.</summary>
    public static HomelabException DatabaseUnreadable(string path, string node, string detail) => new(
        nameof(DatabaseUnreadable), ErrorKind.InvalidOperation, Text(nameof(DatabaseUnreadable), path, node, detail), path);

    /// <summary>A Syncthing does not say who it is and where, so that the other side cannot be told.</summary>
    public static HomelabException FailbackPeerUnknown(ResourceReference source) => new(
        nameof(FailbackPeerUnknown), ErrorKind.InvalidOperation, Text(nameof(FailbackPeerUnknown), source), source);

    /// <summary>Nothing comes home any more.</summary>
    public static HomelabException FailbackStuck(string sources, TimeSpan time, long left, string detail) => Make(
        nameof(FailbackStuck), ErrorKind.OperationTimeout, sources, sources, Display.Duration(time), Display.Bytes(left), detail);

    /// <summary>An application does not pass its gates.</summary>
    public static HomelabException FailoverPreconditionFailed(ResourceReference app, string to, IReadOnlyList<FailoverGate> failed)
    {
        // Who has to mend one of them first gains nothing by naming the others.
        var (found, firm) = (string.Join(' ', failed), failed.Where(gate => !gate.CanBeOverridden).ToList());
        var text = firm.Count == 0 ? Text(nameof(FailoverPreconditionFailed), app, to, found, string.Join(',', failed.Select(gate => gate.Name)))
            : Text(nameof(FailoverPreconditionFailed) + "_Firm", app, to, found, string.Join(", ", firm.Select(gate => gate.Name)));
        return new(nameof(FailoverPreconditionFailed), ErrorKind.InvalidOperation, text, app);
    }

    /// <summary>An application answers nobody where it was moved to.</summary>
    public static HomelabException FailoverProbeFailed(ResourceReference app, string path, string detail) => new(
        nameof(FailoverProbeFailed), ErrorKind.InvalidOperation, Text(nameof(FailoverProbeFailed), app, path, detail), app);

    /// <summary>An application is where it is to go, with the data of another node.</summary>
    public static HomelabException FailoverSameNode(ResourceReference app, string node) => new(
        nameof(FailoverSameNode), ErrorKind.InvalidArgument, Text(nameof(FailoverSameNode), app, node), app);

    /// <summary>There is no gate of this name.</summary>
    public static HomelabException FailoverGateUnknown(string gate, IEnumerable<string> known) => Make(
        nameof(FailoverGateUnknown), ErrorKind.InvalidArgument, gate, gate, string.Join(", ", known));

    /// <summary>A node runs on after it was to be stopped.</summary>
    public static HomelabException FenceFailed(string node, string host) => new(
        nameof(FenceFailed), ErrorKind.InvalidOperation, Text(nameof(FenceFailed), node, host), node);

    /// <summary>A node is a machine of its own, which nothing can stop from outside.</summary>
    public static HomelabException FenceImpossible(string node) => new(
        nameof(FenceImpossible), ErrorKind.InvalidOperation, Text(nameof(FenceImpossible), node), node);

    /// <summary>Nobody has said that a node is off.</summary>
    public static HomelabException FenceRequired(string node) => Make(nameof(FenceRequired), ErrorKind.InvalidOperation, node, node);

    /// <summary>Nothing says which host could switch a node off.</summary>
    public static HomelabException FenceUnknown(string node) => Make(nameof(FenceUnknown), ErrorKind.InvalidArgument, node, node);

    /// <summary>A commit that waits for its push needs a clone to wait in.</summary>
    public static HomelabException LocalCloneRequired(string repository) => Make(nameof(LocalCloneRequired), ErrorKind.InvalidArgument, repository, repository);

    /// <summary>Another operation has the cluster's lease.</summary>
    public static HomelabException OperationBusy(string cluster, string holder, DateTime until) => new(
        nameof(OperationBusy), ErrorKind.ResourceBusy, Text(nameof(OperationBusy), cluster, holder, Display.Moment(until)), holder);

    /// <summary>Another process of the user works at an operation.</summary>
    public static HomelabException OperationHeld(string id) => new(nameof(OperationHeld), ErrorKind.ResourceBusy, Text(nameof(OperationHeld), id), id);

    /// <summary>No operation of that id, or none that is open.</summary>
    public static HomelabException OperationNotFound(string id, IReadOnlyList<string> known) => new(
        nameof(OperationNotFound),
        ErrorKind.ObjectNotFound,
        id.Length == 0 ? Text(nameof(OperationNotFound) + "_Open") : Text(nameof(OperationNotFound), id, string.Join(", ", known.DefaultIfEmpty("-"))),
        id);

    /// <summary>An operation cannot be resumed.</summary>
    public static HomelabException OperationNotResumable(string id, string reason) => new(
        nameof(OperationNotResumable), ErrorKind.InvalidOperation, Text(nameof(OperationNotResumable), id, reason), id);

    /// <summary>An operation cannot be taken back.</summary>
    public static HomelabException OperationNotUndoable(string id, string reason) => new(
        nameof(OperationNotUndoable), ErrorKind.InvalidOperation, Text(nameof(OperationNotUndoable), id, reason), id);

    /// <summary>Between the plan of an operation and its first step something has changed that it rests on.</summary>
    public static HomelabException OperationOutdated(string reason) => Make(nameof(OperationOutdated), ErrorKind.InvalidOperation, reason, reason);

    /// <summary>Data that is to be moved away or back is used.</summary>
    public static HomelabException FolderInUse(string folders, string node, string user) => Make(nameof(FolderInUse), ErrorKind.InvalidOperation, node, folders, node, user);

    /// <summary>Syncthings do not say that they are apart.</summary>
    public static HomelabException SyncthingNotApart(string sources, TimeSpan timeout, string said) => Make(
        nameof(SyncthingNotApart), ErrorKind.OperationTimeout, sources, sources, Display.Duration(timeout), said);

    /// <summary>An application is in an operation that is not done.</summary>
    public static HomelabException OperationOpen(ResourceReference app, string id) => new(
        nameof(OperationOpen), ErrorKind.InvalidOperation, Text(nameof(OperationOpen), app, id), app);

    /// <summary>A step of an operation failed; what can be done about it.</summary>
    public static HomelabException OperationStepFailed(string id, string step, HomelabException cause, string state) => new(
        nameof(OperationStepFailed), ErrorKind.InvalidOperation, Text(nameof(OperationStepFailed), id, step, cause.Message, state), id, innerException: cause);

    /// <summary>The file of an operation cannot be read.</summary>
    public static HomelabException OperationUnreadable(string path, Exception reason) => MakeCaused(
        nameof(OperationUnreadable), ErrorKind.InvalidData, path, reason, path, reason.Message);

    /// <summary>A node would be given up that nothing proves to be off.</summary>
    public static HomelabException OutOfServiceUnproven() => Make(nameof(OutOfServiceUnproven), ErrorKind.InvalidArgument, null);

    /// <summary>The cluster does not know the taint.</summary>
    public static HomelabException OutOfServiceUnsupported(string cluster, string version) => Make(nameof(OutOfServiceUnsupported), ErrorKind.NotInstalled, cluster, cluster, version);

    /// <summary>The data of the target could not be kept as it is.</summary>
    public static HomelabException ProtectFailed(string app, string path, string node, string detail) => new(
        nameof(ProtectFailed), ErrorKind.InvalidOperation, Text(nameof(ProtectFailed), app, path, node, detail), path);
}
