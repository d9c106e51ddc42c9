using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Writing;
using HomelabOps.Sandbox.Controllers.Runtime;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Controllers.VolSync;

/// <summary>Makes and keeps the objects of one replication. What is as it ought to be is not written.</summary>
/// <param name="objects">The API.</param>
/// <param name="type">Type of the owner.</param>
/// <param name="owner">The ReplicationSource or ReplicationDestination.</param>
internal sealed class OwnedObjects(ObjectClient objects, ResourceType type, JsonObject owner)
{
    private string Namespace => Text(owner, "metadata.namespace");

    /// <summary>Makes an object, or gives it the fields that are named.</summary>
    /// <param name="known">What is known of its type.</param>
    /// <param name="wanted">Name, labels, and all fields that are VolSync's.</param>
    /// <param name="isTemporary">To be deleted after the run.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The object, and whether it was made just now; null while another one of its name is in the way.</returns>
    public async Task<(JsonObject? Object, bool IsNew)> EnsureAsync(Informer known, JsonObject wanted, bool isTemporary, CancellationToken cancellationToken)
    {
        var name = new ObjectName(Namespace, Text(wanted, "metadata.name"));
        var metadata = wanted["metadata"]!.AsObject();
        var labels = metadata["labels"] as JsonObject ?? [];
        metadata["labels"] = labels;
        metadata["namespace"] = Namespace;
        labels[VolSyncNames.CreatedBy] = "volsync";
        if (isTemporary)
        {
            labels[VolSyncNames.Cleanup] = Text(owner, "metadata.uid");
        }

        if (known.Find(name) is { } present)
        {
            if (At(present, "metadata.deletionTimestamp") is not null)
            {
                return (null, false);
            }

            return (Holds(present, wanted) ? present : await objects.MergeAsync(known.Type, name, wanted, cancellationToken), false);
        }

        metadata["ownerReferences"] = new JsonArray(new JsonObject
        {
            ["apiVersion"] = type.ApiVersion,
            ["kind"] = type.Kind,
            ["name"] = Text(owner, "metadata.name"),
            ["uid"] = Text(owner, "metadata.uid"),
            ["controller"] = true,
            ["blockOwnerDeletion"] = true,
        });
        var created = await objects.CreateAsync(known.Type, wanted, cancellationToken);
        return (created, created is not null);
    }

    /// <summary>Makes an object unless it is there; what is in it stays.</summary>
    public async Task<JsonObject?> EnsureExistsAsync(Informer known, string name, Func<JsonObject> make, CancellationToken cancellationToken) =>
        known.Find(new(Namespace, name)) ?? (await EnsureAsync(known, make(), isTemporary: false, cancellationToken)).Object;

    /// <summary>Deletes what was made for one run only.</summary>
    public async Task CleanUpAsync(IEnumerable<Informer> known, CancellationToken cancellationToken)
    {
        foreach (var informer in known)
        {
            foreach (var item in informer.In(Namespace).Where(item => (string?)item["metadata"]?["labels"]?[VolSyncNames.Cleanup] == Text(owner, "metadata.uid") && At(item, "metadata.deletionTimestamp") is null))
            {
                await DeleteAsync(informer.Type, Text(item, "metadata.name"), cancellationToken);
            }
        }
    }

    public Task DeleteAsync(ResourceType item, string name, CancellationToken cancellationToken) =>
        objects.DeleteAsync(item, new(Namespace, name), cancellationToken, new DeleteRequest { Propagation = "Background" });

    public void Record(string eventType, string reason, string message) => objects.Record(owner, eventType, reason, message);

    /// <summary>Whether all that is wanted is there; what the server adds does not count.</summary>
    public static bool Holds(JsonNode? present, JsonNode? wanted) => (present, wanted) switch
    {
        (_, null) => present is null,
        (JsonObject have, JsonObject want) => want.All(field => Holds(have[field.Key], field.Value)),
        (null, JsonObject { Count: 0 } or JsonArray { Count: 0 }) => true,
        (null, JsonValue text) when text.TryGetValue<string>(out var value) && value.Length == 0 => true,
        (JsonArray have, JsonArray want) => have.Count == want.Count && have.Zip(want).All(pair => Holds(pair.First, pair.Second)),
        _ => JsonNode.DeepEquals(present, wanted),
    };
}
