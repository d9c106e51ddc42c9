using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.Kubernetes.Objects;

namespace HomelabOps.Core.Recovery;

/// <summary>An object of the cluster; of most only the metadata.</summary>
/// <param name="Key">Which one.</param>
/// <param name="Json">What was read of it.</param>
internal sealed record LiveItem(ObjectKey Key, JsonObject Json)
{
    private static readonly string[] SystemNamespaces = ["kube-system", "kube-public", "kube-node-lease"];
    private static readonly string[] UsualRoles = ["admin", "cluster-admin", "edit", "view"];

    public JsonObject Metadata => Json["metadata"] as JsonObject ?? [];

    public JsonObject Spec => Json["spec"] as JsonObject ?? [];

    /// <summary>Kubernetes, k3s, Helm or another object has made it, and makes it again.</summary>
    public bool IsMade => Metadata["ownerReferences"] is JsonArray { Count: > 0 } || IsOfSystem || IsOfHelm || IsOfTool;

    private bool IsOfSystem => SystemNamespaces.Contains(Key.Namespace, StringComparer.Ordinal)
        || (Key.Kind == "Namespace" && (SystemNamespaces.Contains(Key.Name, StringComparer.Ordinal) || Key.Name == "default"))
        || Key is { Kind: "Service", Namespace: "default", Name: "kubernetes" } or { Kind: "ServiceAccount", Name: "default" } or { Kind: "ConfigMap", Name: "kube-root-ca.crt" } or { Kind: "StorageClass", Name: "local-path" }
        || (Key.Kind is "ClusterRole" or "ClusterRoleBinding" && UsualRoles.Contains(Key.Name, StringComparer.Ordinal))
        || Key.Name.StartsWith("system:", StringComparison.Ordinal) || Key.Name.StartsWith("k3s", StringComparison.Ordinal) || Key.Name is "system-node-critical" or "system-cluster-critical"
        || Label("kubernetes.io/bootstrapping") is not null || Label("kubernetes.io/cluster-service") is not null
        || Annotation("objectset.rio.cattle.io/id") is not null;

    private bool IsOfHelm => Label("app.kubernetes.io/managed-by") == "Helm" || (Key.Kind == "Secret" && Label("owner") == "helm");

    // MetalLB draws the key by which its speakers know each other.
    private bool IsOfTool => Key is { Kind: "Secret", Name: "memberlist" } || Annotation("cert-manager.io/certificate-name") is not null || Annotation("kubernetes.io/service-account.name") is not null
        || Annotation("control-plane.alpha.kubernetes.io/leader") is not null || Label("app.kubernetes.io/created-by") == "volsync";

    public string? Label(string name) => Scalars.Text((Metadata["labels"] as JsonObject)?[name]);

    public string? Annotation(string name) => Scalars.Text((Metadata["annotations"] as JsonObject)?[name]);

    public override string ToString() => Key.Namespace.Length == 0 ? $"{Key.Kind}/{Key.Name}" : $"{Key.Kind}/{Key.Namespace}/{Key.Name}";
}
