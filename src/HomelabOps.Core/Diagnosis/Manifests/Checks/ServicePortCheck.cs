using HomelabOps.Core.Diagnosis.Manifests.Rules;
using HomelabOps.Core.GitOps.Forest;
using HomelabOps.Core.GitOps.Kustomize;

namespace HomelabOps.Core.Diagnosis.Manifests.Checks;

/// <summary>Services that lead to a port by a name that none of their pods gives to one.</summary>
internal sealed class ServicePortCheck : IManifestCheck
{
    public IEnumerable<HomelabFinding> Run(ManifestSnapshot snapshot) => snapshot.Trees.SelectMany(tree => Check(snapshot, tree));

    private static IEnumerable<HomelabFinding> Check(ManifestSnapshot snapshot, FluxTree tree)
    {
        var workloads = tree.Nodes.SelectMany(node => node.Objects).Select(item => (Item: item.Content, Pod: PodTemplate.Of(item.Content))).Where(entry => entry.Pod is not null).ToLookup(entry => ObjectText.Namespace(entry.Item));
        return
            from item in tree.Nodes.SelectMany(node => node.Objects)
            where ObjectText.Is(item.Content, "", "Service")
            let spec = new Field(item.Content)["spec"]
            let labels = spec["selector"].Entries.Select(label => (label.Key, Value: Scalars.Text(label.Value.Node))).ToArray()
            where labels.Length > 0
            let users = workloads[ObjectText.Namespace(item.Content)].Where(entry => labels.All(label => Scalars.Text(entry.Pod!.Labels[label.Key]) == label.Value)).ToArray()
            where users.Length > 0
            from port in spec["ports"].Items.Select(port => port["targetPort"])
            where port.Text is { Length: > 0 } name && users.All(user => !Has(user.Pod!, name))
            select Finding.Make(
                FindingSeverity.Warning, "PortUnknown", snapshot.Place(item, port.Path), ObjectText.Reference(item.Content), "Service", string.Join('.', port.Path),
                $"no container of {ObjectText.Reference(users[0].Item)} has a port '{port.Text}'");
    }

    private static bool Has(PodTemplate pod, string name) =>
        PodRules.Containers(new Field(pod.Spec)).SelectMany(container => container["ports"].Items).Any(port => port["name"].Text is { } known ? known == name : port["name"].IsSet);
}
