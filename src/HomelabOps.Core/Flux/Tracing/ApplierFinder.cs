using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Objects;

namespace HomelabOps.Core.Flux.Tracing;

/// <summary>Goes from an object up its owners to what Flux has applied, and checks that labels still tell the truth.</summary>
/// <param name="client">The cluster.</param>
/// <param name="shelf">Where what is read is kept.</param>
internal sealed class ApplierFinder(ClusterClient client, ObjectShelf shelf)
{
    // Owners form no circle; this only ends what somebody made to be one.
    private const int MostOwners = 16;

    private readonly HelmObjects _helm = new(client, shelf);

    // A Kustomization of hundreds of applications is asked for each of them.
    private readonly Dictionary<JsonObject, HashSet<ObjectKey>> _inventories = [];
    private bool _hasReleases;

    /// <summary>What applies the object, or the first of its owners that something applies.</summary>
    /// <param name="item">The object.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    /// <exception cref="HomelabException">FluxOwnerNotFound: Flux applies none of them, or its labels are left over.</exception>
    public async Task<ResourceReference> LeadAsync(JsonObject item, CancellationToken cancellationToken)
    {
        var notes = new List<string>();
        var chain = await ClimbAsync(item, notes, cancellationToken);

        // An applier that does not exist has lost no object: that it is gone is what there is to say.
        return await FindAsync(chain, notes, cancellationToken) is { } applied && (applied.IsListed != false || shelf.Of(FluxKind.ApplierKey(applied.Applier)!).Json is null)
            ? applied.Applier
            : throw Errors.FluxOwnerNotFound(chain[0].Key.Reference(client.Name), notes);
    }

    /// <summary>The object with its owners, the nearest first.</summary>
    /// <param name="item">The object.</param>
    /// <param name="notes">Takes what ends the chain too early.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    public async Task<IReadOnlyList<OwnerLink>> ClimbAsync(JsonObject item, List<string> notes, CancellationToken cancellationToken)
    {
        var chain = new List<OwnerLink> { new(ObjectKey.Of(item), item) };
        while (chain.Count <= MostOwners && Owner(chain[^1].Json!) is { } owner)
        {
            var (group, kind, name) = (ObjectKey.GroupOf((string?)owner["apiVersion"]), (string?)owner["kind"] ?? "", (string?)owner["name"] ?? "");
            var type = await shelf.TypeAsync(group, kind, cancellationToken);
            var key = new ObjectKey(group, kind, type?.Namespaced == false ? "" : chain[0].Key.Namespace, name);
            var entry = await shelf.FindAsync(key, cancellationToken);
            chain.Add(new(key, entry.Json));
            if (entry.Json is null)
            {
                notes.Add(Absence(key, entry));
                break;
            }
        }

        return chain;
    }

    /// <summary>The object of the chain that Flux has applied; null when it is none of them.</summary>
    /// <param name="chain">The object with its owners.</param>
    /// <param name="notes">Takes what the labels are worth.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    public async Task<AppliedObject?> FindAsync(IReadOnlyList<OwnerLink> chain, List<string> notes, CancellationToken cancellationToken)
    {
        AppliedObject? doubtful = null;
        foreach (var (key, json) in chain)
        {
            if (json is not null && await ApplierAsync(json, cancellationToken) is { } applier)
            {
                var found = new AppliedObject(key, applier, await IsListedAsync(key, json, applier, cancellationToken));
                if (found.IsListed != false)
                {
                    return found;
                }

                // Labels are copied from Services to their EndpointSlices, and from templates: an owner may be the one.
                doubtful = found;
            }
        }

        if (doubtful is not null && shelf.Of(FluxKind.ApplierKey(doubtful.Applier)!).Json is not null)
        {
            notes.Add(Errors.Text("Detail_TraceStale", doubtful.Key.Reference(client.Name), doubtful.Applier));
        }

        return doubtful;
    }

    /// <summary>Why an object is not there.</summary>
    public string Absence(ObjectKey key, ShelfEntry entry) => entry.Failure switch
    {
        null => Errors.Text("Detail_TraceMissing", key.Reference(client.Name)),
        { Kind: ErrorKind.PermissionDenied } => Errors.Text("Detail_TraceDenied", key.Reference(client.Name)),
        var failure => failure.Message,
    };

    private static JsonObject? Owner(JsonObject item)
    {
        var owners = ((item["metadata"] as JsonObject)?["ownerReferences"] as JsonArray ?? []).OfType<JsonObject>().ToList();
        return owners.Find(owner => (bool?)owner["controller"] == true) ?? owners.FirstOrDefault();
    }

    // Charts need not carry the labels on everything, but Helm leaves its own mark.
    private async Task<ResourceReference?> ApplierAsync(JsonObject item, CancellationToken cancellationToken)
    {
        if (FluxOwner.Of(item, client.Name) is { } owner)
        {
            return owner;
        }

        var annotations = (item["metadata"] as JsonObject)?["annotations"] as JsonObject;
        if ((string?)annotations?["meta.helm.sh/release-name"] is not { } release || (string?)annotations["meta.helm.sh/release-namespace"] is not { } space)
        {
            return null;
        }

        if (!_hasReleases && await shelf.TypeAsync(FluxKind.HelmGroup, FluxKind.HelmRelease, cancellationToken) is { } type)
        {
            _hasReleases = true;
            await shelf.LoadAllAsync(type, null, cancellationToken);
        }

        return shelf.All(FluxKind.HelmGroup, FluxKind.HelmRelease).Select(entry => FluxMapper.Map(entry.Value.Json!, client.Name)).OfType<FluxHelmRelease>()
            .FirstOrDefault(found => found.ReleaseName == release && found.TargetNamespace == space)?.Reference;
    }

    private HashSet<ObjectKey> InventoryOf(JsonObject json)
    {
        ref var listed = ref CollectionsMarshal.GetValueRefOrAddDefault(_inventories, json, out _);
        return listed ??= [.. FluxInventory.Of(json) ?? []];
    }

    private async Task<bool?> IsListedAsync(ObjectKey key, JsonObject item, ResourceReference applier, CancellationToken cancellationToken)
    {
        var applierKey = FluxKind.ApplierKey(applier)!;
        var entry = await shelf.FindAsync(applierKey, cancellationToken);
        if (entry.Json is not { } json)
        {
            return entry.Failure is null ? false : null;
        }

        if (applier.Kind == FluxKind.Kustomization)
        {
            return InventoryOf(json).Contains(key);
        }

        var objects = await _helm.OfAsync(applierKey, json, cancellationToken);
        if (objects.Objects.Contains(key))
        {
            return true;
        }

        // Neither hooks nor the chart itself are part of a release.
        var isBesides = key.Group == FluxKind.SourceGroup || ((item["metadata"] as JsonObject)?["annotations"] as JsonObject)?["helm.sh/hook"] is not null;
        return isBesides || objects.Problem is not null || FluxInventory.IsElsewhere(json) ? null : false;
    }
}
