using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Kustomize;

namespace HomelabOps.Core.Recovery.Gates;

/// <summary>Nodes have no labels and taints that somebody has made by hand.</summary>
internal sealed class NodesGate : IRecoveryGate
{
    public string Name => "Nodes";

    public IReadOnlyList<(string Group, string Kind)> Kinds => [RecoveryKinds.Node];

    private static readonly string[] Known = ["kubernetes.io", "k8s.io", "k3s.io", "cattle.io"];
    private static readonly string[] KnownRoles = ["control-plane", "master", "etcd"];

    public IReadOnlyList<string> Missing(RecoveryFacts facts) => [.. facts.Of(RecoveryKinds.Node).SelectMany(Marks).Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Marks(LiveItem node) =>
        (node.Metadata["labels"] as JsonObject ?? []).Where(label => !IsKnown(label.Key)).Select(label => $"{node.Key.Name}: {label.Key}={Scalars.Text(label.Value)}")
            .Concat((node.Spec["taints"] as JsonArray ?? []).Where(taint => !IsKnown(Scalars.Text(taint?["key"]) ?? "")).Select(taint => $"{node.Key.Name}: {Scalars.Text(taint?["key"])}={Scalars.Text(taint?["value"])}:{Scalars.Text(taint?["effect"])}"));

    // Kubernetes, k3s and the kubelet set them again. Roles other than those of a server are typed.
    private static bool IsKnown(string key)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        var (domain, name) = slash < 0 ? ("", key) : (key[..slash], key[(slash + 1)..]);
        return domain == "node-role.kubernetes.io" ? KnownRoles.Contains(name, StringComparer.Ordinal) : Known.Any(known => domain == known || domain.EndsWith("." + known, StringComparison.Ordinal));
    }
}
