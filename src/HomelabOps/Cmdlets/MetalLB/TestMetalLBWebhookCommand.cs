using System.Management.Automation;
using HomelabOps.Core.Flux;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Objects;
using HomelabOps.Core.MetalLB;

namespace HomelabOps.Cmdlets.MetalLB;

/// <summary>Tells whether the API server can call MetalLB's webhook, and if not, why.</summary>
[Cmdlet(VerbsDiagnostic.Test, "MetalLBWebhook", DefaultParameterSetName = ByName, HelpUri = HelpPages.Root + "Test-MetalLBWebhook.md")]
[OutputType(typeof(MetalLBWebhookStatus))]
[RequiresAccess("list", "apps", "deployments")]
[RequiresAccess("get,list", "", "secrets")]
[RequiresAccess("get", "", "services")]
[RequiresAccess("get", "", "namespaces")]
[RequiresAccess("list", "", "pods")]
[RequiresAccess("list", "discovery.k8s.io", "endpointslices")]
[RequiresAccess("list", "admissionregistration.k8s.io", "validatingwebhookconfigurations")]
[RequiresAccess("get", "apiextensions.k8s.io", "customresourcedefinitions")]
[RequiresAccess("list", "rbac.authorization.k8s.io", "roles")]
[RequiresAccess("list", "rbac.authorization.k8s.io", "rolebindings")]
[RequiresAccess("list", "rbac.authorization.k8s.io", "clusterroles")]
[RequiresAccess("list", "rbac.authorization.k8s.io", "clusterrolebindings")]
[RequiresAccess("create", "metallb.io", "ipaddresspools")]
[RequiresAccess("list", "metallb.io", "bgppeers")]
[RequiresAccess("list", "kustomize.toolkit.fluxcd.io", "kustomizations")]
public sealed class TestMetalLBWebhookCommand : MetalLBCmdlet
{
    private protected override void End()
    {
        var config = Config();
        if (ParameterSetName == ByName)
        {
            DrainClusters((client, stop) => MetalLBWebhookTester.TestAsync(client, Namespaces, config, Applier(client), stop));
        }
        else
        {
            DrainCollected((client, names, stop) => MetalLBWebhookTester.TestAsync(client, SpacesOf(names), config, Applier(client), stop));
        }
    }

    private static Func<ObjectKey, IReadOnlyDictionary<string, string>, CancellationToken, Task<ResourceReference?>> Applier(ClusterClient client) =>
        (key, labels, stop) => FluxApplier.FindAsync(client, key, labels, stop);
}
