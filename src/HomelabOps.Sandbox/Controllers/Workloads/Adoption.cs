using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Controllers.Runtime;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Controllers.Workloads;

/// <summary>Takes what fits an owner's selector and has no controller, and lets go of what fits no longer.</summary>
internal sealed class Adoption(ObjectClient objects, Informer dependents)
{
    /// <summary>What the owner controls after that.</summary>
    public async Task<List<JsonObject>> ClaimAsync(ResourceType type, JsonObject owner, CancellationToken cancellationToken, Func<JsonObject, bool>? isWanted = null)
    {
        var (uid, selector, claimed) = (Ownership.Uid(owner), Selection.Of(type, owner), new List<JsonObject>());
        foreach (var item in dependents.ByController[uid])
        {
            if (Selection.Fits(selector, Selection.Labels(item)) || Ownership.IsDeleting(owner))
            {
                claimed.Add(item);
            }
            else
            {
                await SetOwnersAsync(item, Items(item, "metadata.ownerReferences").Where(reference => Text(reference, "uid") != uid).Select(reference => reference.DeepClone()), cancellationToken);
            }
        }

        if (Ownership.IsDeleting(owner))
        {
            return claimed;
        }

        bool? mayAdopt = null;
        foreach (var item in dependents.ByController[Ownership.OrphanKey(Text(owner, "metadata.namespace"))])
        {
            if (!Ownership.IsDeleting(item) && Selection.Fits(selector, Selection.Labels(item)) && isWanted?.Invoke(item) != false
                && (mayAdopt ??= await IsThereAsync(type, owner, cancellationToken)) == true
                && await SetOwnersAsync(item, Items(item, "metadata.ownerReferences").Select(reference => reference.DeepClone()).Append(Ownership.Reference(type, owner)), cancellationToken) is { } adopted)
            {
                claimed.Add(adopted);
            }
        }

        return claimed;
    }

    // The watch may tell later of the owner's deletion than of what it let go; that would be taken at once again.
    private async Task<bool> IsThereAsync(ResourceType type, JsonObject owner, CancellationToken cancellationToken)
    {
        var (@namespace, name) = ObjectName.Of(owner);
        return await objects.Client.FindObjectAsync(type, @namespace, name, cancellationToken) is { } live && Ownership.Uid(live) == Ownership.Uid(owner) && !Ownership.IsDeleting(live);
    }

    private Task<JsonObject?> SetOwnersAsync(JsonObject item, IEnumerable<JsonNode> owners, CancellationToken cancellationToken) => objects.MergeAsync(
        dependents.Type,
        ObjectName.Of(item),
        new JsonObject { ["metadata"] = new JsonObject { ["uid"] = Ownership.Uid(item), ["resourceVersion"] = Text(item, "metadata.resourceVersion"), ["ownerReferences"] = new JsonArray([.. owners]) } },
        cancellationToken);
}
