using System.Globalization;
using System.Text.Json.Nodes;
using HomelabOps.Core.Diagnosis.Manifests.Rules;
using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.GitOps.Kustomize;

namespace HomelabOps.Core.Diagnosis.Manifests.Checks;

/// <summary>What an API server refuses between the fields of a workload: selectors that do not select its pods, mounts of volumes that it does not have.</summary>
internal sealed class WorkloadCheck : IManifestCheck
{
    private static readonly string[] Lists = ["initContainers", "containers"];

    public IEnumerable<HomelabFinding> Run(ManifestSnapshot snapshot) =>
        from entry in snapshot.Objects
        let pod = PodTemplate.Of(entry.Item.Content)
        where pod is not null
        from finding in Selector(snapshot, entry.Item, pod).Concat(Expressions(snapshot, entry.Item, pod)).Concat(Mounts(snapshot, entry.Item, pod))
        select finding;

    private static IEnumerable<HomelabFinding> Selector(ManifestSnapshot snapshot, BuiltObject item, PodTemplate pod) =>
        from wanted in ObjectText.Group(item.Content) == "apps" ? ObjectText.Node(item.Content, "spec", "selector", "matchLabels") as JsonObject ?? [] : []
        let given = Scalars.Text(pod.Labels[wanted.Key])
        where given != Scalars.Text(wanted.Value)
        select Finding.Make(
            FindingSeverity.Error, "SelectorMismatch", snapshot.Place(item, "spec", "selector", "matchLabels", wanted.Key), ObjectText.Reference(item.Content),
            ObjectText.Reference(item.Content), $"{wanted.Key}={Scalars.Text(wanted.Value)}");

    private static IEnumerable<HomelabFinding> Expressions(ManifestSnapshot snapshot, BuiltObject item, PodTemplate pod) =>
        from expression in ObjectText.Group(item.Content) == "apps" ? new Field(item.Content).Find("spec.selector.matchExpressions.*") : []
        where expression["key"].Text is { } key && !Holds(expression, Scalars.Text(pod.Labels[key]))
        select Finding.Make(
            FindingSeverity.Error, "SelectorMismatch", snapshot.Place(item, expression.Path), ObjectText.Reference(item.Content), ObjectText.Reference(item.Content),
            $"{expression["key"].Text} {expression["operator"].Text} ({string.Join(", ", expression["values"].Items.Select(value => value.Text))})");

    // What is not known before the cluster substitutes it may hold.
    private static bool Holds(Field expression, string? label)
    {
        var values = expression["values"].Items.Select(value => value.Text).ToArray();
        return (label is not null && ObjectText.IsUnknown(label)) || values.Contains(null) || expression["operator"].Text switch
        {
            "In" => values.Contains(label, StringComparer.Ordinal),
            "NotIn" => !values.Contains(label, StringComparer.Ordinal),
            "Exists" => label is not null,
            "DoesNotExist" => label is null,
            _ => true,
        };
    }

    private static IEnumerable<HomelabFinding> Mounts(ManifestSnapshot snapshot, BuiltObject item, PodTemplate pod)
    {
        var names = ObjectText.Items(pod.Spec["volumes"]).Select(volume => ObjectText.At(volume.Item, "name"))
            .Concat(ObjectText.Items(ObjectText.Node(item.Content, "spec", "volumeClaimTemplates")).Select(claim => ObjectText.Name(claim.Item))).ToHashSet(StringComparer.Ordinal);
        return
            from list in Lists
            from container in ObjectText.Items(pod.Spec[list])
            from mount in ObjectText.Items(container.Item["volumeMounts"])
            let name = ObjectText.At(mount.Item, "name")
            where name.Length > 0 && !names.Contains(name)
            select Finding.Make(
                FindingSeverity.Error, "VolumeUnknown", snapshot.Place(item, [.. pod.Path, list, Text(container.Index), "volumeMounts", Text(mount.Index), "name"]), ObjectText.Reference(item.Content),
                ObjectText.Reference(item.Content), ObjectText.At(container.Item, "name"), name);
    }

    private static string Text(int index) => index.ToString(CultureInfo.InvariantCulture);
}
