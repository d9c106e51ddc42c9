using System.Text.Json.Nodes;
using HomelabOps.Core.GitOps.Kustomize;
using HomelabOps.Core.Kubernetes.Objects;

namespace HomelabOps.Core.Recovery;

/// <summary>An object of the cluster; of most only the metadata.</summary>
/// <param name="Key">Which one.</param>
/// <param name="Json">What was read of it.</param>
internal sealed record LiveItem(ObjectKey Key, JsonObject Json)
{
    public JsonObject Metadata => Json["metadata"] as JsonObject ?? [];

    public JsonObject Spec => Json["spec"] as JsonObject ?? [];

    /// <summary>Kubernetes, k3s, a tool or another object has made it, and makes it again. What Helm has made is another matter: see <see cref="HelmOrigins"/>.</summary>
    public bool IsMade => Metadata["ownerReferences"] is JsonArray { Count: > 0 } || SystemObjects.Has(this) || IsOfTool;

    // MetalLB draws the key by which its speakers know each other; the operator of Prometheus lists kubelets.
    private bool IsOfTool => Key is { Kind: "Secret", Name: "memberlist" } || Annotation("cert-manager.io/certificate-name") is not null
        || Annotation("control-plane.alpha.kubernetes.io/leader") is not null || Label("app.kubernetes.io/created-by") == "volsync"
        || (Key is { Kind: "Service" } && Label("app.kubernetes.io/managed-by") == "prometheus-operator");

    public string? Label(string name) => Scalars.Text((Metadata["labels"] as JsonObject)?[name]);

    public string? Annotation(string name) => Scalars.Text((Metadata["annotations"] as JsonObject)?[name]);

    public override string ToString() => Key.Namespace.Length == 0 ? $"{Key.Kind}/{Key.Name}" : $"{Key.Kind}/{Key.Namespace}/{Key.Name}";
}
