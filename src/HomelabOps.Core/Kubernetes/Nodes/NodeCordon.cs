using System.Text.Json;
using System.Text.Json.Nodes;
using HomelabOps.Core.Journal;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Kubernetes.Writing;

namespace HomelabOps.Core.Kubernetes.Nodes;

/// <summary>Cordons nodes, with who, why and since when in annotations, and lets them take pods again.</summary>
internal static class NodeCordon
{
    /// <summary>The taint that says that a node is fenced for certain, so that its pods and volumes are given up.</summary>
    public const string OutOfService = "node.kubernetes.io/out-of-service";

    private const int Attempts = 5;

    /// <summary>Whether it takes new pods.</summary>
    public static bool IsCordoned(NodeWire node) => node.Spec?.Unschedulable == true;

    /// <summary>Who cordoned a node; null for one that is not.</summary>
    public static FluxSuspension? SuspensionOf(NodeWire node) => IsCordoned(node) ? Suspensions.Read(node.Metadata) : null;

    /// <summary>The taint that keeps pods away from a node that was fenced.</summary>
    public static bool IsOutOfService(NodeWire node) => node.Spec?.Taints?.Exists(taint => taint.Key == OutOfService) == true;

    /// <summary>Refuses to take the last node away that takes pods.</summary>
    /// <param name="node">The node.</param>
    /// <param name="all">All nodes of the cluster.</param>
    /// <param name="cluster">Name of the cluster.</param>
    /// <exception cref="HomelabException">NodeLastSchedulable.</exception>
    public static void CheckOthers(NodeWire node, IEnumerable<NodeWire> all, string cluster)
    {
        if (TakesPods(node) && !all.Any(other => other.Metadata.Name != node.Metadata.Name && TakesPods(other)))
        {
            throw Errors.NodeLastSchedulable(new ResourceReference(cluster, "Node", "", node.Metadata.Name));
        }
    }

    /// <summary>Whether there is nothing that Resume-HomelabNode would take back.</summary>
    public static bool IsInService(NodeWire node, bool removeTaint) => !IsCordoned(node) && Suspensions.Read(node.Metadata) == new FluxSuspension() && !(removeTaint && IsOutOfService(node));

    /// <summary>Lets a node take no new pods.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="node">The node as it is before.</param>
    /// <param name="suspension">Who does it, why and since when.</param>
    /// <param name="journal">Where the change is written down.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="HomelabException">ResourceNotFound, AccessDenied, JournalUnwritable.</exception>
    public static Task CordonAsync(ClusterClient client, NodeWire node, FluxSuspension suspension, ChangeJournal journal, CancellationToken cancellationToken) =>
        ChangeAsync(client, node, Patch(true, suspension), Patch(IsCordoned(node) ? true : null, IsCordoned(node) ? Suspensions.Read(node.Metadata) : null), journal, cancellationToken);

    /// <summary>Puts the taint on a node that says that it is off for certain.</summary>
    /// <exception cref="HomelabException">ResourceConflict, AccessDenied, JournalUnwritable. A node that the cluster has forgotten needs none.</exception>
    public static async Task GiveUpAsync(ClusterClient client, string name, ChangeJournal journal, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (await client.FindObjectAsync(ResourceType.Node, null, name, cancellationToken) is not { } json || json.Deserialize(WireContext.Default.NodeWire) is not { } node || IsOutOfService(node))
            {
                return;
            }

            // The list is replaced as a whole, so only as it was read: controllers write taints, too.
            var taints = json["spec"]?["taints"] as JsonArray ?? [];
            var taint = new JsonObject { ["key"] = OutOfService, ["value"] = "nodeshutdown", ["effect"] = "NoExecute" };
            var patch = new JsonObject
            {
                ["metadata"] = new JsonObject { ["resourceVersion"] = node.Metadata.ResourceVersion },
                ["spec"] = new JsonObject { ["taints"] = new JsonArray([.. taints.Select(known => known!.DeepClone()), taint]) },
            };
            try
            {
                await ChangeAsync(client, node, patch, new JsonObject { ["spec"] = new JsonObject { ["taints"] = taints.DeepClone() } }, journal, cancellationToken);
                return;
            }
            catch (HomelabException error) when (error.Id == nameof(Errors.ResourceConflict) && attempt < Attempts)
            {
                // Somebody wrote it in between.
            }
        }
    }

    /// <summary>Lets a node take pods again, and forgets who cordoned it.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="name">The node.</param>
    /// <param name="removeTaint">Take the out-of-service taint away as well.</param>
    /// <param name="journal">Where the change is written down.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    /// <exception cref="HomelabException">ResourceNotFound, ResourceConflict, AccessDenied, JournalUnwritable.</exception>
    public static async Task UncordonAsync(ClusterClient client, string name, bool removeTaint, ChangeJournal journal, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var json = await client.FindObjectAsync(ResourceType.Node, null, name, cancellationToken) ?? throw Errors.ResourceNotFound(client.Name, ResourceType.Node.QualifiedName, null, name);
            var node = json.Deserialize(WireContext.Default.NodeWire)!;
            var (patch, undo) = (Patch(null, null), Patch(IsCordoned(node) ? true : null, Suspensions.Read(node.Metadata)));
            if (removeTaint && IsOutOfService(node))
            {
                // The list is replaced as a whole, so only as it was read: controllers write taints, too.
                patch["metadata"]!["resourceVersion"] = node.Metadata.ResourceVersion;
                var taints = json["spec"]!["taints"]!.AsArray();
                patch["spec"]!["taints"] = new JsonArray([.. taints.Where(taint => (string?)taint!["key"] != OutOfService).Select(taint => taint!.DeepClone())]);
                undo["spec"]!["taints"] = taints.DeepClone();
            }

            try
            {
                await ChangeAsync(client, node, patch, undo, journal, cancellationToken);
                return;
            }
            catch (HomelabException error) when (error.Id == nameof(Errors.ResourceConflict) && attempt < Attempts)
            {
                // Somebody wrote it in between.
            }
        }
    }

    // Pods of applications tolerate none of the taints that keep pods off a node.
    private static bool TakesPods(NodeWire node) => NodeTerms.IsReady(node) && !IsCordoned(node)
        && node.Spec?.Taints?.Exists(taint => taint.Effect is "NoSchedule" or "NoExecute") != true;

    private static JsonObject Patch(bool? unschedulable, FluxSuspension? suspension) => new()
    {
        ["metadata"] = new JsonObject { ["annotations"] = Suspensions.Annotations(suspension) },
        ["spec"] = new JsonObject { ["unschedulable"] = unschedulable },
    };

    private static Task<JsonObject> ChangeAsync(ClusterClient client, NodeWire node, JsonObject patch, JsonObject undo, ChangeJournal journal, CancellationToken cancellationToken) => journal.RunAsync(
        new JournalEntry { Cluster = client.Name, Kind = "Node", Name = node.Metadata.Name, Change = patch.ToJsonString(), Undo = JournalUndo.MergePatch(undo.ToJsonString()) },
        () => client.PatchAsync(ResourceType.Node, null, node.Metadata.Name, PatchKind.Merge, patch, cancellationToken));
}
