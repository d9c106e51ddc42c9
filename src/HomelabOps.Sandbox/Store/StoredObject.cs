using System.Collections.Concurrent;
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

    // The runtime's own table of texts is behind a lock outside managed code, which a start of some thousand writes notices.
    private static readonly ConcurrentDictionary<string, string> Shared = new(StringComparer.Ordinal);

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
            Fields = fields.Count == 0 ? [] : ReadFields(node, fields),
            Owners = metadata["ownerReferences"] is JsonArray owners ? [.. owners.Select(owner => (string?)owner?["uid"] ?? "")] : [],
            IsDeleting = metadata["deletionTimestamp"] is not null,
        };
    }

    /// <summary>The same at another revision, without writing all of it anew.</summary>
    /// <param name="revision">Revision of the write.</param>
    /// <param name="fields">Paths of the fields that selectors may name.</param>
    public StoredObject At(long revision, IReadOnlyList<FieldPath> fields)
    {
        if (revision == Revision)
        {
            return this;
        }

        // Within a text the marks would have backslashes before them.
        var mark = Mark(Revision);
        var at = Json.AsSpan().IndexOf(mark);
        if (at < 0 || Json.AsSpan(at + 1).IndexOf(mark) >= 0)
        {
            return Create(Key, revision, ToNode(), fields);
        }

        byte[] json = [.. Json.AsSpan(0, at), .. Mark(revision), .. Json.AsSpan(at + mark.Length)];
        return new StoredObject(Key, revision, json, Uid) { Labels = Labels, Fields = Fields, Owners = Owners, IsDeleting = IsDeleting };
    }

    private static byte[] Mark(long revision) => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\"resourceVersion\":\"{revision}\""));

    public JsonObject ToNode() => JsonNode.Parse(Json)!.AsObject();

    private static KeyValuePair<string, string>[] ReadLabels(JsonObject labels)
    {
        var result = new KeyValuePair<string, string>[labels.Count];
        var index = 0;
        foreach (var (name, value) in labels)
        {
            // The same few names and values are on thousands of objects.
            result[index++] = new(Share(name), Share((string?)value ?? ""));
        }

        return result;
    }

    private static string[] ReadFields(JsonObject node, IReadOnlyList<FieldPath> fields)
    {
        var values = new string[fields.Count];
        for (var index = 0; index < values.Length; index++)
        {
            values[index] = Share(fields[index].Read(node));
        }

        return values;
    }

    private static string Share(string text) => Shared.GetOrAdd(text, text);

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
