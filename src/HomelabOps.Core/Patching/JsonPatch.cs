using System.Text.Json;
using System.Text.Json.Nodes;

namespace HomelabOps.Core.Patching;

/// <summary>JSON patch, RFC 6902: a list of operations of which all take effect or none.</summary>
public static class JsonPatch
{
    /// <summary>The document after all operations; the inputs stay as they are.</summary>
    /// <exception cref="PatchException">Names the first operation that is malformed (400) or does not apply (422), by index and path.</exception>
    public static JsonNode? Apply(JsonNode? target, JsonArray operations)
    {
        ArgumentNullException.ThrowIfNull(operations);
        var document = target?.DeepClone();
        for (var index = 0; index < operations.Count; index++)
        {
            document = Apply(document, Operation.Read(operations[index], index));
        }

        return document;
    }

    private static JsonNode? Apply(JsonNode? document, Operation operation)
    {
        var path = operation.Path;
        switch (operation.Name)
        {
            case "add":
                return Add(document, path, operation.Value?.DeepClone(), operation);
            case "remove":
                return Remove(document, path, operation);
            case "replace":
                return Replace(document, path, operation.Value?.DeepClone(), operation);
            case "copy":
                return Add(document, path, Get(document, operation.From, operation)?.DeepClone(), operation);
            case "move" when operation.From.Contains(path):
                throw operation.Fails("a value cannot be moved into itself");
            case "move":
                var moved = Get(document, operation.From, operation)?.DeepClone();
                return Add(Remove(document, operation.From, operation), path, moved, operation);
            case "test" when !JsonNode.DeepEquals(Get(document, path, operation), operation.Value):
                throw operation.Fails("the value differs from the one that is tested for");
            default:
                return document;
        }
    }

    private static JsonNode? Get(JsonNode? document, JsonPointer place, Operation operation)
    {
        var value = place.Find(document, out var found);
        return found ? value : throw operation.Fails($"there is nothing at \"{place.Text}\"");
    }

    private static JsonNode? Add(JsonNode? document, JsonPointer place, JsonNode? value, Operation operation)
    {
        if (place.IsRoot)
        {
            return value;
        }

        switch (place.FindParent(document))
        {
            case JsonObject map:
                map[place.Last] = value;
                break;
            case JsonArray list when place.Last == "-":
                list.Add(value);
                break;
            case JsonArray list when JsonPointer.Index(place.Last) is { } index && index <= list.Count:
                list.Insert(index, value);
                break;
            case JsonArray list:
                throw operation.Fails(Outside(place, list));
            default:
                throw operation.Fails("the parent of this path does not exist or can hold nothing");
        }

        return document;
    }

    private static JsonNode? Replace(JsonNode? document, JsonPointer place, JsonNode? value, Operation operation)
    {
        Get(document, place, operation);
        switch (place.IsRoot ? null : place.FindParent(document))
        {
            case JsonObject map:
                map[place.Last] = value;
                return document;
            case JsonArray list:
                list[JsonPointer.Index(place.Last)!.Value] = value;
                return document;
            default:
                return value;
        }
    }

    private static JsonNode? Remove(JsonNode? document, JsonPointer place, Operation operation)
    {
        Get(document, place, operation);
        switch (place.IsRoot ? null : place.FindParent(document))
        {
            case JsonObject map:
                map.Remove(place.Last);
                return document;
            case JsonArray list:
                list.RemoveAt(JsonPointer.Index(place.Last)!.Value);
                return document;
            default:
                return null;
        }
    }

    private static string Outside(JsonPointer place, JsonArray list) => JsonPointer.Index(place.Last) is null
        ? $"\"{place.Last}\" is no index of an array"
        : $"index {place.Last} is outside of the array, which has {list.Count} items";

    /// <summary>One operation, with all its members checked.</summary>
    private sealed record Operation(int Index, string Name, JsonPointer Path, JsonPointer From, JsonNode? Value)
    {
        public static Operation Read(JsonNode? json, int index)
        {
            if (json is not JsonObject members)
            {
                throw PatchException.Malformed($"operation {index}: is not an object");
            }

            var name = Text(members, "op", index);
            var path = Pointer(members, "path", index);
            var from = name is "move" or "copy" ? Pointer(members, "from", index) : path;
            if (name is not ("add" or "remove" or "replace" or "move" or "copy" or "test"))
            {
                throw PatchException.Inapplicable($"operation {index} ({name} \"{path.Text}\"): unexpected kind: {name}");
            }

            if (name is "add" or "replace" or "test" && !members.ContainsKey("value"))
            {
                throw PatchException.Inapplicable($"operation {index} ({name} \"{path.Text}\"): \"value\" is missing");
            }

            return new Operation(index, name, path, from, members["value"]);
        }

        public PatchException Fails(string reason) => PatchException.Inapplicable($"operation {Index} ({Name} \"{Path.Text}\"): {reason}");

        private static JsonPointer Pointer(JsonObject members, string member, int index)
        {
            var text = Text(members, member, index);
            return JsonPointer.Parse(text) ?? throw PatchException.Inapplicable($"operation {index}: \"{member}\" is no JSON pointer: \"{text}\"");
        }

        private static string Text(JsonObject members, string member, int index) => members[member] switch
        {
            JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
            null => throw PatchException.Inapplicable($"operation {index}: \"{member}\" is missing"),
            _ => throw PatchException.Inapplicable($"operation {index}: \"{member}\" must be a text"),
        };
    }
}
