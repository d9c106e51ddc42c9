using System.Text.Json.Nodes;

namespace HomelabOps.Core.Patching;

/// <summary>
/// Where two JSON values differ, as paths that people read: <c>spec.template.spec.containers[sonarr].image</c>. Items of
/// lists are called by their name where all have one, else by their place.
/// </summary>
internal static class JsonDifference
{
    /// <summary>The paths at which the values differ, each as deep as both sides go.</summary>
    public static IReadOnlyList<string> Paths(JsonNode? before, JsonNode? after)
    {
        var paths = new List<string>();
        Walk(before, after, "", (path, _, _) => paths.Add(path));
        return paths;
    }

    /// <summary>Visits each difference: its path, the old value and the new one, null for none.</summary>
    public static void Walk(JsonNode? before, JsonNode? after, string path, Action<string, JsonNode?, JsonNode?> visit)
    {
        if (JsonNode.DeepEquals(before, after))
        {
            return;
        }

        var (old, @new) = (Members(before), Members(after));
        if (old is null || @new is null || before is JsonArray != after is JsonArray)
        {
            visit(path, before, after);
            return;
        }

        // Names only where both sides have them; else the places.
        if (before is JsonArray && old.IsNamed != @new.IsNamed && old.Items.Count > 0 && @new.Items.Count > 0)
        {
            (old, @new) = (Places((JsonArray)before), Places((JsonArray)after!));
        }

        foreach (var key in old.Items.Select(item => item.Key).Union(@new.Items.Select(item => item.Key)))
        {
            Walk(old.Find(key), @new.Find(key), Join(path, key, before is JsonArray), visit);
        }
    }

    /// <summary>The parts of a list or mapping with the paths that they have; none for a scalar.</summary>
    public static IEnumerable<(string Path, JsonNode? Value)> Parts(JsonNode? value, string path) =>
        Members(value)?.Items.Select(item => (Join(path, item.Key, value is JsonArray), item.Value)) ?? [];

    private static string Join(string path, string key, bool isItem) =>
        isItem || key.AsSpan().IndexOfAny("./[]") >= 0 ? $"{path}[{key}]" : path.Length == 0 ? key : $"{path}.{key}";

    private static MemberSet? Members(JsonNode? node) => node switch
    {
        JsonObject map => new([.. map.Select(member => (member.Key, member.Value))], true),
        JsonArray list when Names(list) is { } names => new([.. names.Zip(list)], true),
        JsonArray list => Places(list),
        _ => null,
    };

    private static MemberSet Places(JsonArray list) => new([.. list.Select((item, index) => (index.ToString(System.Globalization.CultureInfo.InvariantCulture), item))], false);

    private static List<string>? Names(JsonArray list)
    {
        var names = list.Select(item => (item as JsonObject)?["name"] is JsonValue value && value.TryGetValue<string>(out var name) ? name : null).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        return names.Count > 0 && names.Count == list.Count ? names : null;
    }

    private sealed record MemberSet(IReadOnlyList<(string Key, JsonNode? Value)> Items, bool IsNamed)
    {
        private readonly Dictionary<string, JsonNode?> _byKey = Items.ToDictionary(item => item.Key, item => item.Value, StringComparer.Ordinal);

        public JsonNode? Find(string key) => _byKey.GetValueOrDefault(key);
    }
}
