using System.Text.Json.Nodes;
using HomelabOps.Core.Patching;

namespace HomelabOps.Sandbox.Apply;

/// <summary>Server-side apply, and the account of owners that every other change keeps for it. Works on objects alone: no store, no clock.</summary>
internal static class ServerSideApply
{
    private const string BeforeFirstApply = "before-first-apply";

    /// <summary>The object after a configuration was applied, with its managedFields.</summary>
    /// <param name="live">The present object, or null where it is to be created.</param>
    /// <param name="applied">The configuration, which is as <see cref="TypedPatch"/> wants it.</param>
    /// <param name="schema">The kind's.</param>
    /// <param name="manager">Who applies. Its API version is that of the request; with the subresource status it can own the status and nothing else.</param>
    /// <param name="hasStatus">Whether the kind keeps its status apart, so that it is not applied with the rest.</param>
    /// <param name="force">Whether fields are taken from others.</param>
    /// <param name="time">Now, as managedFields write it.</param>
    /// <exception cref="ApplyConflictException">Others own fields that would change.</exception>
    /// <exception cref="ApplyException">The configuration is not valid.</exception>
    public static JsonObject Apply(JsonObject? live, JsonObject applied, PatchSchema schema, ManagerIdentity manager, bool hasStatus, bool force, string time)
    {
        applied = Checked(applied, manager, hasStatus);
        var before = live ?? Empty(applied);
        var managed = OwnersBefore(before, schema, manager.ApiVersion, live is not null, time);
        var present = ManagedFields.Read(before);
        var last = managed.Of(manager);
        var own = OwnedFields.Of(applied, schema);
        managed.Set(manager, own, time);
        var merged = Prune(ObjectMerge.Merge(before, applied, schema), last, managed, own, schema);

        var difference = ObjectComparison.Of(before, merged, schema);
        var conflicts = managed.Managers.Where(other => other != manager)
            .Select(other => (Manager: other, Fields: managed.Of(other).Intersection(difference.Changed)))
            .Where(conflict => !conflict.Fields.IsEmpty).ToList();
        if (conflicts.Count > 0 && !force)
        {
            throw new ApplyConflictException([.. conflicts.OrderBy(conflict => conflict.Manager.Name, StringComparer.Ordinal)
                .SelectMany(conflict => conflict.Fields.Paths().Select(path => (conflict.Manager, path)))]);
        }

        Take(managed, difference, except: manager);
        if (live is not null && present is not null && managed.IsSame(present) && JsonNode.DeepEquals(Bare(merged), Bare(before)))
        {
            return (JsonObject)live.DeepClone();
        }

        managed.Cap();
        managed.Write(merged);
        return merged;
    }

    /// <summary>Writes into an object that was created or changed by other means who owns what.</summary>
    /// <param name="before">The object before, or null when it is new.</param>
    /// <param name="after">The object with defaults set; its managedFields are those that the client sent.</param>
    /// <param name="schema">The kind's.</param>
    /// <param name="manager">Who made the change.</param>
    /// <param name="time">Now, as managedFields write it.</param>
    public static void Track(JsonObject? before, JsonObject after, PatchSchema schema, ManagerIdentity manager, string time)
    {
        var isReset = ManagedFields.IsReset(after);
        var sent = ManagedFields.Read(after);

        // A client that knows nothing of them must not lose the owners, and one that sends nonsense neither.
        var managed = sent is { IsEmpty: false } ? sent : before is null ? new ManagedFields() : ManagedFields.Read(before) ?? new ManagedFields();
        if (isReset || (managed.IsEmpty && before is not null))
        {
            after["metadata"]!.AsObject().Remove("managedFields");
            return;
        }

        var difference = ObjectComparison.Of(before ?? Empty(after), after, schema);
        Take(managed, difference, except: null);
        if (!difference.Changed.IsEmpty)
        {
            managed.Set(manager, managed.Of(manager).Union(difference.Changed), time);
        }

        managed.Cap();
        managed.Write(after);
    }

    private static JsonObject Checked(JsonObject applied, ManagerIdentity manager, bool hasStatus)
    {
        var version = (string?)applied["apiVersion"] ?? "";
        if (version != manager.ApiVersion)
        {
            throw new ApplyException(400, $"Incorrect version specified in apply patch. Specified patch version: {version}, expected: {manager.ApiVersion}");
        }

        if (applied["metadata"] is JsonObject metadata && metadata["managedFields"] is not null)
        {
            throw new ApplyException(400, "metadata.managedFields must be nil");
        }

        bool Belongs(string field) => manager.Subresource == "status"
            ? field is "apiVersion" or "kind" or "status"
            : field != "status" || !hasStatus;
        var part = new JsonObject(applied.Where(field => Belongs(field.Key)).Select(field => KeyValuePair.Create(field.Key, field.Value?.DeepClone())));
        part["metadata"] ??= new JsonObject();
        return part;
    }

    // An object that nobody applied before has no owners: all that it has counts as set by one of old.
    private static ManagedFields OwnersBefore(JsonObject live, PatchSchema schema, string apiVersion, bool exists, string time)
    {
        var managed = ManagedFields.Read(live) ?? new ManagedFields();
        if (managed.IsEmpty && exists)
        {
            managed.Set(new ManagerIdentity(BeforeFirstApply, IsApply: false, apiVersion), ObjectComparison.Of(Empty(live), live, schema).Changed, time);
        }

        return managed;
    }

    // What the manager applied last time and now no more goes, unless somebody else owns it.
    private static JsonObject Prune(JsonObject merged, FieldSet last, ManagedFields managed, FieldSet own, PatchSchema schema)
    {
        if (last.IsEmpty)
        {
            return merged;
        }

        var mine = last.WithParents(schema);
        var owned = managed.Managers.Aggregate(own, (all, manager) => all.Union(managed.Of(manager))).WithParents(schema);
        var all = OwnedFields.Of(merged, schema).WithParents(schema);
        var rest = OwnedFields.Of(ObjectMerge.Remove(merged, mine, schema), schema).WithParents(schema).Union(owned);
        var kept = OwnedFields.Of(ObjectMerge.Remove(merged, all.Difference(rest), schema), schema).WithParents(schema);
        return ObjectMerge.Remove(merged, all.Difference(kept).Intersection(mine), schema);
    }

    private static void Take(ManagedFields managed, ObjectComparison difference, ManagerIdentity? except)
    {
        var lost = difference.Changed.Union(difference.Removed);
        foreach (var manager in managed.Managers.Where(manager => manager != except).ToArray())
        {
            managed.Take(manager, lost);
        }
    }

    private static JsonObject Empty(JsonObject like) => new()
    {
        ["apiVersion"] = like["apiVersion"]?.DeepClone(),
        ["kind"] = like["kind"]?.DeepClone(),
        ["metadata"] = new JsonObject(),
    };

    // The account itself is nobody's field.
    private static JsonObject Bare(JsonObject node)
    {
        var bare = (JsonObject)node.DeepClone();
        (bare["metadata"] as JsonObject)?.Remove("managedFields");
        return bare;
    }
}
