using System.Management.Automation;
using HomelabOps.Binding;
using HomelabOps.Core.Applications;
using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Cmdlets.Applications;

/// <summary>Gives the applications.</summary>
[Cmdlet(VerbsCommon.Get, "HomelabApp", DefaultParameterSetName = ByName, HelpUri = HelpPages.Root + "Get-HomelabApp.md")]
[OutputType(typeof(HomelabApp))]
[RequiresAccess("list", "apps", "deployments")]
[RequiresAccess("list", "apps", "statefulsets")]
[RequiresAccess("list", "apps", "daemonsets")]
[RequiresAccess("list", "batch", "cronjobs")]
[RequiresAccess("list", "batch", "jobs")]
[RequiresAccess("list", "", "pods")]
[RequiresAccess("list", "", "services")]
[RequiresAccess("list", "", "endpoints")]
[RequiresAccess("list", "networking.k8s.io", "ingresses")]
[RequiresAccess("list", "", "persistentvolumeclaims")]
[RequiresAccess("list", "", "persistentvolumes")]
[RequiresAccess("list", "", "nodes")]
[RequiresAccess("list", "volsync.backube", "*")]
[RequiresAccess("get,list", "kustomize.toolkit.fluxcd.io", "kustomizations")]
[RequiresAccess("get,list", "helm.toolkit.fluxcd.io", "helmreleases")]
[RequiresAccess("get,list", "source.toolkit.fluxcd.io", "*")]
[RequiresAccess("get", "", "secrets")]
[RequiresAccess("list", "apiextensions.k8s.io", "customresourcedefinitions")]
public sealed class GetHomelabAppCommand : ObjectCmdlet
{
    private protected override void Process()
    {
        if (InputObject is null)
        {
            var config = Config();
            DrainClusters((client, stop) => AppReader.ReadAsync(client, Query(client, config) with { Objects = Objects }, stop));
        }
        else
        {
            CollectNamed(_ => true, "applications");
        }
    }

    // Every reading asks for all, so what comes by pipe is read together.
    private protected override void End()
    {
        var config = Config();
        DrainCollected((client, names, stop) => AppReader.ReadAsync(client, Query(client, config) with
        {
            Objects = new ObjectQuery { Names = [.. names.Where(name => name.Cluster is null)], Namespaces = NamespacesOf(names), Selector = Selector },
            References = [.. names.Where(name => name.Cluster is not null).Select(name => new ResourceReference(client.Name, name.Kind!, name.Namespace!, name.Name)).Distinct()],
        }, stop));
    }

    private static AppQuery Query(ClusterClient client, HomelabConfig config) => new() { Config = config, Repository = RepositoryFolder.Of(client, config) };
}
