using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace HomelabOps.Sandbox.Store;

/// <summary>
/// One state of one object. The bytes lack apiVersion and kind, because a kind may be served in several versions and lists of
/// built-in kinds do not repeat them; <see cref="ObjectJson"/> puts them in front.
/// </summary>
internal sealed class StoredObject
{
    private static readonly KeyValuePair<string, string>[] NoLabels = [];

    private StoredObject(ObjectKey key, long revision, byte[] json, string uid)
    {
        Key = key;
        Revision = revision;
        Json = json;
        Uid = uid;
    }

    public ObjectKey Key { get; }

    /// <summary>The resourceVersion as a number.</summary>
    public long Revision { get; }

    public string Uid { get; }

    /// <summary>The object without apiVersion and kind.</summary>
    public byte[] Json { get; }

    public KeyValuePair<string, string>[] Labels { get; private init; } = NoLabels;

    /// <summary>Values of the fields that selectors of this kind may name, in the order of the kind.</summary>
    public string[] Fields { get; private init; } = [];

    /// <summary>Uids of the owners, for garbage collection.</summary>
    public string[] Owners { get; private init; } = [];

    public bool IsDeleting { get; private init; }

    /// <summary>Makes the state that a write leaves; the node is not kept.</summary>
    /// <param name="key">Where it is stored.</param>
    /// <param name="revision">Revision of the write; none of a dry run.</param>
    /// <param name="node">The object; its resourceVersion is set here.</param>
    /// <param name="fields">Paths of the fields that selectors may name.</param>
    public static StoredObject Create(ObjectKey key, long? revision, JsonObject node, IReadOnlyList<FieldPath> fields)
    {
        var metadata = node["metadata"]!.AsObject();
        if (revision is { } number)
        {
            metadata["resourceVersion"] = number.ToString(CultureInfo.InvariantCulture);
        }

        return new StoredObject(key, revision ?? 0, Serialize(node), (string?)metadata["uid"] ?? "")
        {
            Labels = metadata["labels"] is JsonObject labels ? ReadLabels(labels) : NoLabels,
            Fields = fields.Count == 0 ? [] : [.. fields.Select(field => string.Intern(field.Read(node)))],
            Owners = metadata["ownerReferences"] is JsonArray owners ? [.. owners.Select(owner => (string?)owner?["uid"] ?? "")] : [],
            IsDeleting = metadata["deletionTimestamp"] is not null,
        };
    }

    public JsonObject ToNode() => JsonNode.Parse(Json)!.AsObject();

    private static KeyValuePair<string, string>[] ReadLabels(JsonObject labels)
    {
        var result = new KeyValuePair<string, string>[labels.Count];
        var index = 0;
        foreach (var (name, value) in labels)
        {
            // The same few names and values are on thousands of objects.
            result[index++] = new(string.Intern(name), string.Intern((string?)value ?? ""));
        }

        return result;
    }

    private static byte[] Serialize(JsonObject node) => JsonBytes.Of(node, static (writer, node) =>
    {
        writer.WriteStartObject();
        foreach (var (name, value) in node)
        {
            if (name is "apiVersion" or "kind")
            {
                continue;
            }

            writer.WritePropertyName(name);
            if (value is null)
            {
                writer.WriteNullValue();
            }
            else
            {
                value.WriteTo(writer);
            }
        }

        writer.WriteEndObject();
    });

    public override string ToString() => $"{Key} @{Revision}: {Encoding.UTF8.GetString(Json)}";
}
