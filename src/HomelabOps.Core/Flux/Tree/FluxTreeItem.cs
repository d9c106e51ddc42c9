using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Objects;
using HomelabOps.Core.Kubernetes.Status;

namespace HomelabOps.Core.Flux.Tree;

/// <summary>Makes the nodes of a tree.</summary>
internal static class FluxTreeItem
{
    private static readonly HashSet<(string, string)> WithoutState = [("", "ConfigMap"), ("", "Secret"), ("", "ServiceAccount")];

    /// <summary>Types whose health is in their metadata alone. Data of Secrets is not even asked for.</summary>
    public static bool IsMetadataEnough(ResourceType type) => WithoutState.Contains((type.Group, type.Kind)) || type.Group == "rbac.authorization.k8s.io";

    /// <summary>A node.</summary>
    /// <param name="key">The object.</param>
    /// <param name="entry">What came of looking for it; null when it lies in another cluster.</param>
    /// <param name="cluster">The cluster.</param>
    public static FluxTreeNode Make(ObjectKey key, ShelfEntry? entry, string cluster)
    {
        var node = new FluxTreeNode { Cluster = cluster, Kind = key.Kind, Namespace = key.Namespace, Name = key.Name, ApiVersion = entry?.Type?.ApiVersion ?? key.Group };
        return entry switch
        {
            null => node with { Message = Errors.Text("Detail_TreeElsewhere") },
            { Json: { } json } when FluxKind.Groups.Contains(key.Group) => OfFlux(node, json, cluster),
            { Json: { } json } => WithState(node, json),
            { Failure: { } failure } => node with { Message = failure.Kind == ErrorKind.PermissionDenied ? Errors.Text("Detail_TreeDenied") : failure.Message },
            { Type: null } when key.Kind.Length > 0 => node with { Health = ObjectHealth.NotFound, Message = Errors.Text("Detail_TreeKind", key.Kind, key.Group) },
            { Type: null } => node with { Message = Errors.Text("Detail_TreeEntry") },
            _ => node with { Health = ObjectHealth.NotFound, Message = Errors.Text("Detail_TreeMissing") },
        };
    }

    // Flux' own conditions say more than kstatus: while an attempt that failed is retried, kstatus only sees progress.
    private static FluxTreeNode OfFlux(FluxTreeNode node, JsonObject json, string cluster)
    {
        var (resource, rest) = (FluxMapper.Map(json, cluster), WithState(node, json));
        return rest with
        {
            Health = (rest.Health, resource) switch
            {
                // No controller answers to its suspension, so its generation stays ahead of what was observed.
                (ObjectHealth.InProgress, { Suspended: true, Ready: ConditionStatus.True }) => ObjectHealth.Current,
                (ObjectHealth.InProgress, { Ready: ConditionStatus.False } and not { Reason: "DependencyNotReady" }) => ObjectHealth.Failed,
                _ => rest.Health,
            },
            Message = resource.Message,
            Ready = resource.Ready,
            Suspended = resource.Suspended,
            Revision = resource.Revision,
        };
    }

    private static FluxTreeNode WithState(FluxTreeNode node, JsonObject json)
    {
        var (status, message) = KStatus.Of(json, DateTimeOffset.UtcNow);
        return node with
        {
            Message = message,
            Health = status switch
            {
                ObjectStatus.Current => ObjectHealth.Current,
                ObjectStatus.Failed => ObjectHealth.Failed,
                ObjectStatus.Terminating => ObjectHealth.Terminating,
                ObjectStatus.NotFound => ObjectHealth.NotFound,
                _ => ObjectHealth.InProgress,
            },
        };
    }
}
