using System.Management.Automation;
using HomelabOps.Core.Applications;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Operations;

namespace HomelabOps.Cmdlets.Operations;

/// <summary>Says whether applications could be moved to their other node now, and what that would lose.</summary>
[Cmdlet(VerbsDiagnostic.Test, "HomelabFailover", DefaultParameterSetName = ByName, HelpUri = HelpPages.Root + "Test-HomelabFailover.md")]
[OutputType(typeof(FailoverReadiness))]
[RequiresAccess("get,list", "apps", "*")]
[RequiresAccess("list", "", "nodes")]
[RequiresAccess("list", "", "persistentvolumeclaims")]
[RequiresAccess("list", "", "persistentvolumes")]
[RequiresAccess("create,delete,list,watch", "", "pods")]
[RequiresAccess("create,get", "", "pods/exec")]
[RequiresAccess("get", "", "pods/log")]
[RequiresAccess("get,create", "", "pods/proxy")]
[RequiresAccess("get", "", "secrets")]
[RequiresAccess("list", "autoscaling", "horizontalpodautoscalers")]
[RequiresAccess("list", "volsync.backube", "*")]
[RequiresAccess("list", "source.toolkit.fluxcd.io", "*")]
[RequiresAccess("list", "kustomize.toolkit.fluxcd.io", "kustomizations")]
[RequiresAccess("list", "helm.toolkit.fluxcd.io", "helmreleases")]
[RequiresAccess("list", "", "endpoints,services")]
[RequiresAccess("list", "apiextensions.k8s.io", "customresourcedefinitions")]
[RequiresAccess("list", "batch", "cronjobs,jobs")]
[RequiresAccess("get", "helm.toolkit.fluxcd.io", "helmreleases")]
[RequiresAccess("list", "image.toolkit.fluxcd.io", "*")]
[RequiresAccess("get", "kustomize.toolkit.fluxcd.io", "kustomizations")]
[RequiresAccess("list", "networking.k8s.io", "ingresses")]
[RequiresAccess("list", "notification.toolkit.fluxcd.io", "*")]
[RequiresAccess("get", "source.toolkit.fluxcd.io", "gitrepositories")]
[RequiresAccess("list", "storage.k8s.io", "storageclasses")]
public sealed class TestHomelabFailoverCommand : FailoverCmdlet
{
    /// <summary>As a move from a node that is alive; without it the node decides.</summary>
    [Parameter]
    public SwitchParameter Planned { get; set; }

    private protected override bool IsChange => false;

    private protected override void End()
    {
        if (ParameterSetName == ByName && Name.Length == 0 && From is null)
        {
            Name = [new ResourcePattern("*")];
        }

        base.End();
    }

    private protected override void Act(ClusterClient client, IReadOnlyList<HomelabApp> apps, AppOptions options)
    {
        // Of all, those without data on a node can run anywhere, and nobody asks for them.
        var chosen = Chosen(client, apps, options.Config).Where(app => Name is not [{ IsWildcard: true }] || app.Volumes.Any(volume => volume.Node.Length > 0)).ToList();
        if (chosen.Count > 0)
        {
            bool? planned = MyInvocation.BoundParameters.ContainsKey(nameof(Planned)) ? Planned.IsPresent : null;
            Drain(stop => FailoverTester.RunAsync(Options(client, options.Config), chosen, From, To, planned, stop));
        }
    }
}
