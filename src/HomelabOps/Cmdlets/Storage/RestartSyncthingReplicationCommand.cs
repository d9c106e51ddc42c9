using System.Management.Automation;
using HomelabOps.Core.Applications;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Replication.Syncthing;
using HomelabOps.Rendering;

namespace HomelabOps.Cmdlets.Storage;

/// <summary>Restarts Syncthings and waits until the new pods are ready.</summary>
[Cmdlet(VerbsLifecycle.Restart, "SyncthingReplication", DefaultParameterSetName = ByName, SupportsShouldProcess = true, HelpUri = HelpPages.Root + "Restart-SyncthingReplication.md")]
[OutputType(typeof(SyncthingRestart))]
[RequiresAccess("list", "volsync.backube", "replicationsources")]
[RequiresAccess("get,list,watch,delete", "", "pods")]
[RequiresAccess("list", "", "services")]
[RequiresAccess("get,list,watch,patch", "kustomize.toolkit.fluxcd.io", "kustomizations")]
[RequiresAccess("list", "batch", "jobs")]
public sealed class RestartSyncthingReplicationCommand : ReplicationChangeCmdlet
{
    /// <summary>Sides.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public SyncthingRole[] Role { get; set; } = [];

    /// <summary>Label selector for the pods.</summary>
    [Parameter]
    [Alias("l")]
    [ValidateNotNullOrEmpty]
    public string? Selector { get; set; }

    /// <summary>Lets Flux reconcile the storage manifests afterwards.</summary>
    [Parameter]
    public SwitchParameter Reconcile { get; set; }

    /// <summary>Seconds that the new pods may take.</summary>
    [Parameter]
    [Alias("TimeoutSec")]
    [ValidateRange(1, 86400)]
    public int TimeoutSeconds { get; set; } = 300;

    /// <summary>Restarts and does not wait.</summary>
    [Parameter]
    public SwitchParameter NoWait { get; set; }

    private protected override bool IsOtherwiseNamed => Selector is not null;

    private protected override void Act(ClusterClient client, ObjectQuery objects, IReadOnlyList<ResourceReference> references)
    {
        var config = Config();
        var query = new SyncthingQuery { Objects = objects, References = references, Apps = App, Roles = Role, PodSelector = Selector, Config = config };
        var found = Await(stop => SyncthingTargets.FindAsync(client, query, stop));
        foreach (var notice in found.Notices)
        {
            Notices.Write(this, notice);
        }

        // A label that only some set is easily taken for VolSync's own.
        if (Selector is not null && found.Targets.Count == 0)
        {
            WriteWarning(Messages.SyncthingSelectorEmpty(client.Name, Selector));
        }

        var accepted = new List<SyncthingTarget>();
        ForEach(Unambiguous(found.Targets, objects, target => target.Source, target => target.App), target =>
        {
            SyncthingRestarter.Check(target);
            if (ShouldProcess(Messages.SyncthingRestart(target), Messages.SyncthingRestartQuestion(target), Messages.Confirm))
            {
                accepted.Add(target);
            }
        });
        var kustomization = Reconcile && found.Targets.Count > 0 ? $"{config.FluxNamespace}/{config.StorageKustomization}" : null;
        if (kustomization is not null && !ShouldProcess(Messages.StorageReconcile(kustomization), Messages.StorageReconcileQuestion(kustomization), Messages.Confirm))
        {
            kustomization = null;
        }

        if (accepted.Count > 0)
        {
            Drain(stop => ReplicationRestarter.RunAsync(client, accepted, kustomization, NoWait ? null : TimeSpan.FromSeconds(TimeoutSeconds), Journal, stop));
        }
    }
}
