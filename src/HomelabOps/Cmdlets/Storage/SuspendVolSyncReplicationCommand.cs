using System.Management.Automation;
using HomelabOps.Binding;
using HomelabOps.Core.Applications;
using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Cmdlets.Storage;

/// <summary>Suspends replications of VolSync, Syncthing included, and writes down who did it, why and until when.</summary>
[Cmdlet(VerbsLifecycle.Suspend, "VolSyncReplication", DefaultParameterSetName = ByName, SupportsShouldProcess = true, HelpUri = HelpPages.Root + "Suspend-VolSyncReplication.md")]
[OutputType(typeof(ReplicationStatus))]
[RequiresAccess("get,list,watch,patch", "volsync.backube", "replicationsources")]
[RequiresAccess("get,list,watch,patch", "volsync.backube", "replicationdestinations")]
[RequiresAccess("list", "", "pods")]
[RequiresAccess("list", "batch", "jobs")]
public sealed class SuspendVolSyncReplicationCommand : VolSyncChangeCmdlet
{
    private FluxSuspension _given = new();

    /// <summary>Why.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Reason { get; set; }

    /// <summary>For how long it is meant.</summary>
    [Parameter]
    [Alias("For")]
    [DurationTransformation]
    public TimeSpan? Duration { get; set; }

    private protected override void Begin()
    {
        base.Begin();
        _given = Suspensions.FromNow(Reason, Duration);
    }

    private protected override void Change(ClusterClient client, ReplicationStatus target, HomelabConfig config)
    {
        if (ShouldProcess(Messages.ReplicationSuspend(target), Messages.ReplicationSuspendQuestion(target), Messages.Confirm))
        {
            WriteAfter(client, target, config, stop => ReplicationSuspender.SuspendAsync(client, target, _given, Journal, stop));
        }
    }
}
