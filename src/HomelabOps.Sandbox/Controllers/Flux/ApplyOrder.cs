using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Tables;

namespace HomelabOps.Sandbox.Controllers.Flux;

/// <summary>Which kinds are applied before which: what others refer to comes first, webhooks come last. Deletion goes the other way.</summary>
internal static class ApplyOrder
{
    private static readonly string[] First =
    [
        "CustomResourceDefinition", "Namespace", "ClusterClass", "RuntimeClass", "PriorityClass", "StorageClass", "VolumeSnapshotClass", "IngressClass", "GatewayClass",
        "ResourceQuota", "ServiceAccount", "Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding", "ConfigMap", "Secret", "Service", "LimitRange", "Deployment",
        "StatefulSet", "CronJob", "PodDisruptionBudget",
    ];

    private static readonly string[] Last = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];

    public static int Of(JsonObject item) => Of(Cells.Text(item, "kind"));

    /// <summary>What may be applied at the same time: what pods refer to, then all that makes pods, then webhooks.</summary>
    public static int PhaseOf(string kind) => Of(kind) switch
    {
        var order when order < Array.IndexOf(First, "Deployment") => 0,
        var order when order <= First.Length => 1,
        _ => 2,
    };

    public static int Of(string kind) =>
        Array.IndexOf(First, kind) is >= 0 and var first ? first : Array.IndexOf(Last, kind) is >= 0 and var last ? First.Length + 1 + last : First.Length;
}
