using System.Globalization;
using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.Kubernetes;

namespace HomelabOps.Core.Diagnosis.Manifests.Checks;

/// <summary>Claims that can never be bound to the volume that is meant for them, and pods whose claim nothing makes.</summary>
internal sealed class ClaimCheck : IManifestCheck
{
    public IEnumerable<HomelabFinding> Run(ManifestSnapshot snapshot) => snapshot.Trees.SelectMany(tree => Pairs(snapshot, tree).Concat(Absent(snapshot, tree)));

    private static IEnumerable<HomelabFinding> Pairs(ManifestSnapshot snapshot, FluxTree tree)
    {
        var volumes = tree.Nodes.SelectMany(node => node.Objects).Where(item => ObjectText.Is(item.Content, "", "PersistentVolume")).ToArray();
        foreach (var claim in tree.Nodes.SelectMany(node => node.Objects).Where(item => ObjectText.Is(item.Content, "", "PersistentVolumeClaim")))
        {
            foreach (var volume in volumes.Where(volume => AreMeant(claim.Content, volume.Content)))
            {
                if (Mismatch(claim.Content, volume.Content) is var (field, detail))
                {
                    yield return Finding.Make(
                        FindingSeverity.Error, "ClaimUnbindable", snapshot.Place(claim, field), ObjectText.Reference(claim.Content), ObjectText.Reference(claim.Content), ObjectText.Name(volume.Content), detail)
                        with { Evidence = [$"{ObjectText.Reference(volume.Content)}: {volume.File}"] };
                }
            }
        }
    }

    private static bool AreMeant(JsonObject claim, JsonObject volume) =>
        ObjectText.At(claim, "spec", "volumeName") == ObjectText.Name(volume)
        || (ObjectText.At(volume, "spec", "claimRef", "name") == ObjectText.Name(claim) && ObjectText.At(volume, "spec", "claimRef", "namespace") == ObjectText.Namespace(claim));

    private static (string[] Field, string Detail)? Mismatch(JsonObject claim, JsonObject volume)
    {
        var (request, capacity) = (ObjectText.At(claim, "spec", "resources", "requests", "storage"), ObjectText.At(volume, "spec", "capacity", "storage"));
        if (Quantity.Parse(request) > Quantity.Parse(capacity))
        {
            return (["spec", "resources", "requests", "storage"], $"it asks for {request}, and the volume has {capacity}");
        }

        var missing = Modes(claim).Except(Modes(volume), StringComparer.Ordinal).ToArray();
        if (missing.Length > 0 && Modes(volume).Length > 0)
        {
            return (["spec", "accessModes"], $"it asks for {string.Join(", ", missing)}, and the volume has {string.Join(", ", Modes(volume))}");
        }

        // A claim without a class gets the cluster's default, which nobody knows here.
        var (wanted, given) = (ObjectText.Node(claim, "spec", "storageClassName"), ObjectText.At(volume, "spec", "storageClassName"));
        if (wanted is not null && Scalars.Text(wanted) != given)
        {
            return (["spec", "storageClassName"], $"its storage class is '{Scalars.Text(wanted)}', and that of the volume '{given}'");
        }

        var (named, reference) = (ObjectText.At(claim, "spec", "volumeName"), ObjectText.At(volume, "spec", "claimRef", "name"));
        return named.Length > 0 && named != ObjectText.Name(volume) ? (["spec", "volumeName"], $"it names the volume '{named}', and this one is reserved for it")
            : reference.Length > 0 && reference != ObjectText.Name(claim) ? (["spec", "volumeName"], $"the volume is reserved for the claim '{reference}'")
            : null;
    }

    private static string[] Modes(JsonObject item) => [.. (ObjectText.Node(item, "spec", "accessModes") as JsonArray ?? []).Select(mode => Scalars.Text(mode) ?? "")];

    // Charts and operators make claims too, so where there are such in the namespace nothing can be said.
    private static IEnumerable<HomelabFinding> Absent(ManifestSnapshot snapshot, FluxTree tree) =>
        from node in tree.Nodes
        where !node.IsRemote && !tree.IsOpen
        from item in node.Objects
        let pod = PodTemplate.Of(item.Content)
        where pod is not null
        from volume in ObjectText.Items(pod.Spec["volumes"])
        let name = ObjectText.At(volume.Item, "persistentVolumeClaim", "claimName")
        let space = ObjectText.Namespace(item.Content)
        where name.Length > 0 && !ObjectText.IsUnknown(name) && !snapshot.Exists(tree, "PersistentVolumeClaim", space, name)
        where !tree.ScopeObjects.Any(other => ObjectText.Namespace(other.Content) == space && ObjectText.Kind(other.Content) is "HelmRelease" or "ReplicationDestination" or "StatefulSet")
        select Finding.Make(
            FindingSeverity.Warning, "ClaimAbsent", snapshot.Place(item, [.. pod.Path, "volumes", volume.Index.ToString(CultureInfo.InvariantCulture), "persistentVolumeClaim", "claimName"]), ObjectText.Reference(item.Content),
            ObjectText.Reference(item.Content), name) with { RootCause = new(null, "PersistentVolumeClaim", space, name) };
}
