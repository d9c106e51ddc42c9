using System.Globalization;
using HomelabOps.Core.GitOps.Forest;

namespace HomelabOps.Core.Diagnosis.Manifests.Checks;

/// <summary>healthChecks of Kustomizations that wait for what nothing makes, until they time out.</summary>
internal sealed class HealthTargetCheck : IManifestCheck
{
    public IEnumerable<HomelabFinding> Run(ManifestSnapshot snapshot) =>
        from tree in snapshot.Trees
        let makesMore = tree.IsOpen || tree.ScopeObjects.Any(item => ObjectText.IsHelmRelease(item.Content))
        from node in tree.Nodes
        from check in ObjectText.Items(node.Spec["healthChecks"])
        let target = new ResourceReference(null, ObjectText.At(check.Item, "kind"), ObjectText.At(check.Item, "namespace"), ObjectText.At(check.Item, "name"))
        where !target.ToString().Contains("${", StringComparison.Ordinal) && !snapshot.Exists(tree, target.Kind, target.Namespace, target.Name)

        // Charts and other repositories make workloads, but hardly objects of Flux.
        let isFlux = ObjectText.At(check.Item, "apiVersion").Contains(".toolkit.fluxcd.io/", StringComparison.Ordinal)
        where isFlux || !makesMore
        select Finding.Make(
            tree.IsOpen ? FindingSeverity.Info : isFlux ? FindingSeverity.Error : FindingSeverity.Warning,
            "HealthTargetUnknown", node.Place("spec", "healthChecks", check.Index.ToString(CultureInfo.InvariantCulture)), node.Reference, node.Reference, target) with { RootCause = target };
}
