using System.Text.Json.Nodes;

namespace HomelabOps.Sandbox.Apply;

/// <summary>The entries of <c>metadata.managedFields</c> while they are worked on.</summary>
internal sealed class ManagedFields
{
    // The oldest updates beyond these are joined, so that objects do not grow with each new client.
    private const int MostUpdaters = 10;
    private const string Ancient = "ancient-changes";

    // Every object has these, and nobody is asked who set them.
    private static readonly FieldSet Unowned = FieldSet.FromJson(JsonNode.Parse("""
        {
          "f:apiVersion": {}, "f:kind": {},
          "f:metadata": {
            ".": {}, "f:name": {}, "f:namespace": {}, "f:creationTimestamp": {}, "f:selfLink": {}, "f:uid": {}, "f:clusterName": {},
            "f:generation": {}, "f:managedFields": {}, "f:resourceVersion": {}
          }
        }
        """))!;

    private readonly Dictionary<ManagerIdentity, Entry> _entries = [];

    public bool IsEmpty => _entries.Count == 0;

    public IEnumerable<ManagerIdentity> Managers => _entries.Keys;

    /// <summary>Reads an object's entries; null when one of them is not valid.</summary>
    public static ManagedFields? Read(JsonObject node)
    {
        var managed = new ManagedFields();
        foreach (var entry in List(node) ?? [])
        {
            if (entry is not JsonObject || Text(entry, "operation") is not ("Apply" or "Update") || Text(entry, "fieldsType") is not ("FieldsV1" or "")
                || FieldSet.FromJson(entry["fieldsV1"] ?? new JsonObject()) is not { } fields)
            {
                return null;
            }

            var subresource = Text(entry, "subresource");
            var manager = new ManagerIdentity(Text(entry, "manager"), Text(entry, "operation") == "Apply", Text(entry, "apiVersion"), subresource.Length > 0 ? subresource : null);
            managed._entries[manager] = new(fields, Text(entry, "time"), (JsonObject)entry);
        }

        return managed;
    }

    /// <summary>Whether a client asks to forget all owners: an empty list, or one empty entry.</summary>
    public static bool IsReset(JsonObject node) => List(node) is { Count: 0 } or [JsonObject { Count: 0 }];

    public FieldSet Of(ManagerIdentity manager) => _entries.TryGetValue(manager, out var entry) ? entry.Fields : FieldSet.Empty;

    /// <summary>Gives a manager these fields and no others.</summary>
    public void Set(ManagerIdentity manager, FieldSet fields, string time)
    {
        fields = fields.Difference(Unowned);
        if (fields.IsEmpty)
        {
            _entries.Remove(manager);
        }
        else if (!_entries.TryGetValue(manager, out var present) || !ReferenceEquals(present.Fields, fields) || present.Time != time)
        {
            _entries[manager] = new(fields, time);
        }
    }

    /// <summary>Takes fields from a manager; the time of his entry stays.</summary>
    public void Take(ManagerIdentity manager, FieldSet fields) => Set(manager, Of(manager).Difference(fields), _entries[manager].Time);

    public bool IsSame(ManagedFields other) =>
        _entries.Count == other._entries.Count && _entries.All(entry => other._entries.TryGetValue(entry.Key, out var value) && value.Fields.Equals(entry.Value.Fields));

    /// <summary>Joins the oldest updates when there are too many.</summary>
    public void Cap()
    {
        if (_entries.Count <= MostUpdaters)
        {
            return;
        }

        var updates = _entries.Where(entry => !entry.Key.IsApply).OrderBy(entry => entry.Value.Time, StringComparer.Ordinal).ThenBy(entry => entry.Key.Name, StringComparer.Ordinal).ToList();
        var excess = updates.Count - MostUpdaters;
        foreach (var (manager, entry) in updates.Take(excess > 0 ? excess + 1 : 0))
        {
            _entries.Remove(manager);
            var ancient = manager with { Name = Ancient, Subresource = null };
            Set(ancient, Of(ancient).Union(entry.Fields), entry.Time);
        }
    }

    /// <summary>Puts the entries into an object, in the order in which a server gives them.</summary>
    public void Write(JsonObject node)
    {
        var metadata = node["metadata"]!.AsObject();

        // What was read from this object and is as it was is put back as it is.
        List(node)?.Clear();
        metadata.Remove("managedFields");
        if (!IsEmpty)
        {
            metadata["managedFields"] = new JsonArray([
                .. _entries.OrderBy(entry => !entry.Key.IsApply).ThenBy(entry => entry.Value.Time, StringComparer.Ordinal).ThenBy(entry => entry.Key.Name, StringComparer.Ordinal)
                    .ThenBy(entry => entry.Key.ApiVersion, StringComparer.Ordinal).ThenBy(entry => entry.Key.Subresource, StringComparer.Ordinal).Select(entry => Json(entry.Key, entry.Value))]);
        }
    }

    private static JsonObject Json(ManagerIdentity manager, Entry entry)
    {
        if (entry.Json is { } known)
        {
            return known.Parent is null ? known : (JsonObject)known.DeepClone();
        }

        var json = new JsonObject
        {
            ["manager"] = manager.Name,
            ["operation"] = manager.IsApply ? "Apply" : "Update",
            ["apiVersion"] = manager.ApiVersion,
            ["time"] = entry.Time,
            ["fieldsType"] = "FieldsV1",
            ["fieldsV1"] = entry.Fields.ToJson(),
        };
        if (manager.Subresource is not null)
        {
            json["subresource"] = manager.Subresource;
        }

        return json;
    }

    private static JsonArray? List(JsonObject node) => node["metadata"]?["managedFields"] as JsonArray;

    private static string Text(JsonNode entry, string name) => entry[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    private sealed record Entry(FieldSet Fields, string Time, JsonObject? Json = null);
}
