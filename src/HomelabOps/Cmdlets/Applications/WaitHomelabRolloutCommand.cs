using System.Management.Automation;
using HomelabOps.Binding;
using HomelabOps.Core.Applications;
using HomelabOps.Core.Delivery;
using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Cmdlets.Applications;

/// <summary>Waits until applications run: the present state of the cluster, or what comes of a commit.</summary>
[Cmdlet(VerbsLifecycle.Wait, "HomelabRollout", DefaultParameterSetName = ByName, HelpUri = HelpPages.Root + "Wait-HomelabRollout.md")]
[OutputType(typeof(RolloutStatus))]
[RequiresAccess("get,list,watch", "apps", "*")]
[RequiresAccess("list", "batch", "cronjobs")]
[RequiresAccess("list", "", "events")]
[RequiresAccess("list,watch", "", "pods")]
[RequiresAccess("get", "", "pods/log")]
[RequiresAccess("get,list,watch", "kustomize.toolkit.fluxcd.io", "kustomizations")]
[RequiresAccess("get,list,watch,patch", "helm.toolkit.fluxcd.io", "helmreleases")]
[RequiresAccess("get,list,watch,patch", "source.toolkit.fluxcd.io", "*")]
[RequiresAccess("list", "", "endpoints,nodes,persistentvolumeclaims,persistentvolumes,services")]
[RequiresAccess("list", "batch", "jobs")]
[RequiresAccess("list", "networking.k8s.io", "ingresses")]
[RequiresAccess("list", "volsync.backube", "replicationdestinations,replicationsources")]
public sealed class WaitHomelabRolloutCommand : AppChangeCmdlet
{
    // Of changes that were piped in.
    private readonly Dictionary<string, string> _commits = new(StringComparer.Ordinal);

    /// <summary>Hash of the commit that must arrive.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Commit { get; set; }

    /// <summary>Lets the source fetch at once, and afterwards the release be reconciled.</summary>
    [Parameter]
    public SwitchParameter Reconcile { get; set; }

    // Only a request to fetch writes anything.
    private protected override bool IsChange => Reconcile;

    private protected override void Begin()
    {
        base.Begin();
        if (Commit is not null && !DeliveryRevision.IsHash(Commit))
        {
            throw Core.Errors.CommitInvalid(Commit);
        }
    }

    private protected override void Process()
    {
        if (Piped.Unwrap(InputObject) is GitOpsChange { Commit.Length: > 0 } change)
        {
            _commits[change.App] = change.Commit;
        }

        base.Process();
    }

    // All at the same time, so that each has all of the time.
    private protected override void Act(ClusterClient client, IReadOnlyList<HomelabApp> apps, AppOptions options)
    {
        var delivery = new DeliveryOptions { Reconcile = Reconcile, Repository = options.Repository, Timeout = options.Timeout };
        DrainSeparately(apps, (app, stop) => DeliveryWaiter.WaitAsync(client, app.Reference, delivery with { Commit = Commit ?? _commits.GetValueOrDefault(app.Name) }, Journal, stop), null);
    }
}
