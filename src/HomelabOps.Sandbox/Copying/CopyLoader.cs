using System.Text.Json.Nodes;
using HomelabOps.Core.Drills.Copying;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Nodes;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Kinds;
using HomelabOps.Sandbox.Store;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Copying;

/// <summary>
/// Puts the objects of a cluster into a store as they were, as one restores etcd: with their uids, states and owners, so that claims stay
/// bound and nothing looks new. What the API server would refuse of them has been taken by another one already.
/// </summary>
/// <param name="context">The store.</param>
/// <param name="plan">What is copied.</param>
internal sealed class CopyLoader(ApiContext context, CopyPlan plan)
{
    private const string Definition = "CustomResourceDefinition";
    private readonly Dictionary<string, JsonObject> _byUid = [];
    private readonly Dictionary<string, int> _depths = new(StringComparer.Ordinal);

    /// <summary>Puts all in: definitions before what they define, owners before what they own.</summary>
    /// <returns>Kinds that are not served here, of which nothing was put in.</returns>
    public IReadOnlyList<string> Load()
    {
        foreach (var item in plan.Cluster.Kinds.SelectMany(kind => kind.Objects))
        {
            _byUid[Text(item, "metadata.uid")] = item;
        }

        var objects = plan.Cluster.Kinds.SelectMany(kind => kind.Objects.Select(item => (kind.Type, Item: item))).ToList();
        foreach (var (type, item) in objects.OrderBy(each => each.Type.Kind switch { Definition => -2, "Namespace" => -1, _ => DepthOf(Text(each.Item, "metadata.uid")) }))
        {
            Put(type, item);
        }

        return [.. plan.Cluster.Kinds.Where(kind => kind.Objects.Count > 0 && Find(kind.Type) is null).Select(kind => kind.Type.QualifiedName)];
    }

    private ResourceKind? Find(ResourceType type) => context.Kinds.FindResource(type.QualifiedName) is { IsVirtual: false } kind ? kind : null;

    // Owners that own each other are not followed any further.
    private int DepthOf(string uid)
    {
        if (_depths.TryGetValue(uid, out var known))
        {
            return known;
        }

        _depths[uid] = 0;
        return _depths[uid] = Items(_byUid.GetValueOrDefault(uid), "metadata.ownerReferences").Select(owner => DepthOf(Text(owner, "uid")) + 1).DefaultIfEmpty(0).Max();
    }

    private void Put(ResourceType type, JsonObject item)
    {
        if (Find(type) is not { } kind)
        {
            return;
        }

        var node = item.DeepClone().AsObject();
        var metadata = node["metadata"]!.AsObject();
        if (metadata["ownerReferences"] is JsonArray owners)
        {
            // What an owner that was left out owns would be collected.
            metadata["ownerReferences"] = new JsonArray([.. owners.OfType<JsonObject>().Where(owner => _byUid.ContainsKey(Text(owner, "uid"))).Select(owner => owner.DeepClone())]);
        }

        Adapt(node);
        var version = kind.Versions.FirstOrDefault(version => version.Name == type.Version) ?? kind.Versions[0];
        var stored = VersionConversion.ToStorage(kind, version, node);
        context.Collection(kind).Change(new ObjectKey(kind.Namespaced ? Text(metadata, "namespace") : "", Text(metadata, "name")), _ => stored);
    }

    private void Adapt(JsonObject node)
    {
        switch (Text(node, "kind"))
        {
            case "Node":
                foreach (var condition in Items(node, "status.conditions").Where(_ => NodeTerms.IsReady(node)))
                {
                    condition["lastHeartbeatTime"] = context.Now();
                }

                break;
            case "Pod":
                // It runs anew, where it was.
                node.Remove("status");
                node["status"] = new JsonObject { ["phase"] = "Pending" };
                break;
            case "PersistentVolume" when Text(node, "status.phase") == "Bound" && node["spec"]!["claimRef"] is JsonObject claim && !_byUid.ContainsKey(Text(claim, "uid")):
                // Its claim was made after the claims had been read; who makes it here makes one of the same name, which would find the volume released.
                claim.Remove("uid");
                claim.Remove("resourceVersion");
                break;
            case "GitRepository" or "Kustomization" when plan.IsFrozen(node) && node["spec"] is JsonObject spec:
                spec["suspend"] = true;
                break;
        }
    }
}
