using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Controllers.Runtime;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Controllers.Workloads;

/// <summary>The templates that StatefulSets or DaemonSets have had, as ControllerRevisions: what a rollout is undone to.</summary>
/// <param name="objects">The API.</param>
/// <param name="revisions">All ControllerRevisions.</param>
/// <param name="type">Whose they are.</param>
/// <param name="hashLabel">The label that says the hash of a revision.</param>
internal sealed class RevisionHistory(ObjectClient objects, Informer revisions, ResourceType type, string hashLabel)
{
    // Makes the data of a revision a patch that leaves nothing of another template.
    private const string Directive = "$patch";

    private readonly Adoption _adoption = new(objects, revisions);

    /// <summary>The revision of the present template is the last: a template that comes again gets a new number, not a new revision.</summary>
    public async Task<KnownRevisions> SyncAsync(JsonObject owner, CancellationToken cancellationToken)
    {
        var known = (await _adoption.ClaimAsync(type, owner, cancellationToken)).OrderBy(NumberOf).ThenBy(item => Text(item, "metadata.name"), StringComparer.Ordinal).ToList();
        var (data, collisions) = (Data(owner), Number(owner, "status.collisionCount"));
        var present = known.FindLast(item => IsSame(item["data"], data));
        if (present is not null && present == known[^1])
        {
            return new(present, known, collisions);
        }

        var number = known.Select(NumberOf).LastOrDefault() + 1;
        if (present is null)
        {
            (present, collisions) = await CreateAsync(owner, data, number, collisions, cancellationToken);
        }
        else
        {
            known.Remove(present);
            present = await objects.MergeAsync(Types.ControllerRevision, ObjectName.Of(present), new JsonObject { ["revision"] = number }, cancellationToken) ?? present;
        }

        return new(present, [.. known, present], collisions);
    }

    /// <summary>Deletes the oldest of those that no pod and no status speaks of, beyond as many as the owner wants kept.</summary>
    public async Task TruncateAsync(JsonObject owner, KnownRevisions known, Func<JsonObject, bool> isUsed, CancellationToken cancellationToken)
    {
        var unused = known.All.Where(item => item != known.Present && !isUsed(item)).ToList();
        foreach (var item in unused.Take(unused.Count - (int)Number(owner, "spec.revisionHistoryLimit")))
        {
            await objects.DeleteAsync(Types.ControllerRevision, ObjectName.Of(item), cancellationToken);
        }
    }

    /// <summary>The template that a revision keeps.</summary>
    public static JsonObject Template(JsonObject revision)
    {
        var template = At(revision, "data.spec.template")!.DeepClone().AsObject();
        template.Remove(Directive);
        return template;
    }

    private async Task<(JsonObject Revision, long Collisions)> CreateAsync(JsonObject owner, JsonObject data, long number, long collisions, CancellationToken cancellationToken)
    {
        while (true)
        {
            var hash = NameSuffix.OfTemplate(owner["spec"]!["template"]!, collisions);
            var revision = Revision(owner, hash, data, number);
            var name = ObjectName.Of(revision);
            if (await objects.CreateAsync(Types.ControllerRevision, revision, cancellationToken) is { } created)
            {
                return (created, collisions);
            }

            // One that the informer does not show yet, or another's of the same hash.
            if (await objects.Client.FindObjectAsync(Types.ControllerRevision, name.Namespace, name.Name, cancellationToken) is { } taken && Ownership.ControllerUid(taken) == Ownership.Uid(owner) && IsSame(taken["data"], data))
            {
                return (taken, collisions);
            }

            collisions++;
        }
    }

    private JsonObject Revision(JsonObject owner, string hash, JsonObject data, long number)
    {
        var labels = At(owner, "spec.template.metadata.labels")?.DeepClone() as JsonObject ?? [];
        labels[hashLabel] = hash;
        var metadata = new JsonObject
        {
            ["name"] = $"{Text(owner, "metadata.name")}-{hash}",
            ["namespace"] = Text(owner, "metadata.namespace"),
            ["labels"] = labels,
            ["ownerReferences"] = new JsonArray(Ownership.Reference(type, owner)),
        };
        if (At(owner, "metadata.annotations") is { } annotations)
        {
            metadata["annotations"] = annotations.DeepClone();
        }

        return new() { ["metadata"] = metadata, ["data"] = data.DeepClone(), ["revision"] = number };
    }

    private static JsonObject Data(JsonObject owner)
    {
        var template = owner["spec"]!["template"]!.DeepClone().AsObject();
        template[Directive] = "replace";
        if (template["metadata"] is JsonObject metadata)
        {
            metadata["creationTimestamp"] = null;
        }

        return new() { ["spec"] = new JsonObject { ["template"] = Sorted(template) } };
    }

    // kubectl compares the text of what it would write itself.
    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject fields => new JsonObject(fields.OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => KeyValuePair.Create(field.Key, Sorted(field.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Sorted)]),
        _ => node?.DeepClone(),
    };

    // A real controller writes fields that are null, as the time when a template was made.
    private static bool IsSame(JsonNode? left, JsonNode? right) => (left, right) switch
    {
        (JsonObject one, JsonObject other) => one.Select(field => field.Key).Union(other.Select(field => field.Key)).All(name => IsSame(one[name], other[name])),
        (JsonArray one, JsonArray other) => one.Count == other.Count && one.Zip(other).All(pair => IsSame(pair.First, pair.Second)),
        _ => JsonNode.DeepEquals(left, right),
    };

    private static long NumberOf(JsonObject revision) => Number(revision, "revision");
}
