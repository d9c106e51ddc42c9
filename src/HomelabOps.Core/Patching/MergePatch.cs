using System.Text.Json.Nodes;

namespace HomelabOps.Core.Patching;

/// <summary>JSON merge patch, RFC 7386: objects merge, null deletes, all else replaces.</summary>
public static class MergePatch
{
    /// <summary>The document after the patch; the inputs stay as they are.</summary>
    public static JsonNode? Apply(JsonNode? target, JsonNode? patch) => patch is JsonObject changes
        ? Merge(target is JsonObject map ? (JsonObject)map.DeepClone() : [], changes)
        : patch?.DeepClone();

    private static JsonObject Merge(JsonObject target, JsonObject changes)
    {
        foreach (var (name, change) in changes)
        {
            switch (change)
            {
                case null:
                    target.Remove(name);
                    break;
                case JsonObject inner:
                    // Merged in place where it can be, so that a deep document is copied once and not at each level.
                    if (target[name] is JsonObject map)
                    {
                        Merge(map, inner);
                    }
                    else
                    {
                        target[name] = Merge([], inner);
                    }

                    break;
                default:
                    target[name] = change.DeepClone();
                    break;
            }
        }

        return target;
    }
}
