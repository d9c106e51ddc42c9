using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Controllers.Scheduling;

/// <summary>
/// How many pods each node has that a selector selects. A selector is counted once, when it is first asked for, and kept up from then on; a
/// pod finds the selectors that may select it by its labels. Not safe for use by several threads.
/// </summary>
internal sealed class PodCounts
{
    // Each revision of a workload has a selector of its own. Beyond this all are forgotten: they are counted anew when they are asked for.
    private const int Capacity = 4096;

    private readonly Dictionary<(string Namespace, string Selector), Group> _groups = [];
    private readonly Dictionary<(string Namespace, string Label, string Value), List<Group>> _byLabel = [];

    /// <summary>Whether two states of a pod count alike.</summary>
    public static bool IsSame(JsonObject before, JsonObject after) => ReferenceEquals(before, after)
        || (Ownership.IsDeleting(before) == Ownership.IsDeleting(after) && JsonNode.DeepEquals(Labels(before), Labels(after)));

    /// <summary>The numbers by node; they change with <see cref="Add"/>.</summary>
    /// <param name="namespace">Where the pods are.</param>
    /// <param name="selector">matchLabels and matchExpressions.</param>
    /// <param name="placed">All pods that have a node.</param>
    public IReadOnlyDictionary<string, int> Of(string @namespace, JsonObject selector, IEnumerable<(JsonObject Pod, string Node)> placed)
    {
        var key = (@namespace, selector.ToJsonString());
        if (!_groups.TryGetValue(key, out var group))
        {
            if (_groups.Count == Capacity)
            {
                _groups.Clear();
                _byLabel.Clear();
            }

            _groups[key] = group = new(selector);
            Shortest(@namespace, selector).Add(group);
            foreach (var (pod, node) in placed.Where(one => ObjectName.Of(one.Pod).Namespace == @namespace && !Ownership.IsDeleting(one.Pod)))
            {
                group.Add(pod, node, 1);
            }
        }

        return group.Counts;
    }

    /// <summary>A pod was placed (1) or is gone (-1).</summary>
    public void Add(JsonObject pod, string node, int sign)
    {
        if (_groups.Count == 0 || Ownership.IsDeleting(pod))
        {
            return;
        }

        var space = ObjectName.Of(pod).Namespace;
        var places = (Labels(pod) ?? []).Select(label => (space, label.Key, (string?)label.Value ?? "")).Append((space, "", ""));
        foreach (var place in places)
        {
            foreach (var group in _byLabel.GetValueOrDefault(place) ?? [])
            {
                group.Add(pod, node, sign);
            }
        }
    }

    private static JsonObject? Labels(JsonObject pod) => pod["metadata"]?["labels"] as JsonObject;

    // Each selector is found by one of its labels: by the one that fewest others share.
    private List<Group> Shortest(string @namespace, JsonObject selector)
    {
        var places = (selector["matchLabels"] as JsonObject ?? []).Select(label => (@namespace, label.Key, (string?)label.Value ?? "")).DefaultIfEmpty((@namespace, "", ""));
        var place = places.MinBy(place => _byLabel.GetValueOrDefault(place)?.Count ?? 0);
        if (!_byLabel.TryGetValue(place, out var groups))
        {
            _byLabel[place] = groups = [];
        }

        return groups;
    }

    private sealed class Group(JsonObject selector)
    {
        public Dictionary<string, int> Counts { get; } = new(StringComparer.Ordinal);

        public void Add(JsonObject pod, string node, int sign)
        {
            if (!LabelMatch.Selects(selector, Labels(pod)))
            {
                return;
            }

            var count = Counts.GetValueOrDefault(node) + sign;
            if (count > 0)
            {
                Counts[node] = count;
            }
            else
            {
                Counts.Remove(node);
            }
        }
    }
}
