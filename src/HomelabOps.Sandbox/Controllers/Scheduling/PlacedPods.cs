using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Controllers.Scheduling;

/// <summary>
/// The pods that have a node, what they take of it and how many of a kind are where: kept up by each change of a pod and by what was
/// decided but is not seen yet. Safe for use by several threads.
/// </summary>
internal sealed class PlacedPods
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ObjectName, Placed> _pods = [];
    private readonly HashSet<ObjectName> _choosy = [];
    private readonly Dictionary<string, NodeLoad> _loads = new(StringComparer.Ordinal);
    private readonly PodCounts _counts = new();

    /// <summary>A pod was placed, changed or went. This is certain, whatever was decided before.</summary>
    public void Change(ObjectChange change)
    {
        var node = Cells.Text(change.Latest, "spec.nodeName");
        if (change.After is { } pod && node.Length == 0 && !Ownership.IsDeleting(pod) && Cells.Text(change.Before, "spec.nodeName").Length == 0)
        {
            // What was decided for it stays.
            return;
        }

        var isGone = change.After is null || Cells.Text(change.Latest, "status.phase") is "Succeeded" or "Failed";
        lock (_lock)
        {
            Set(ObjectName.Of(change.Latest), isGone ? "" : node, change.Latest, Certainty.Seen);
        }
    }

    /// <summary>A pod is about to be placed: it takes its room from now on.</summary>
    public void Assume(ObjectName name, string node, JsonObject pod)
    {
        lock (_lock)
        {
            if (!_pods.TryGetValue(name, out var present) || present.Certainty == Certainty.Assumed)
            {
                Set(name, node, pod, Certainty.Assumed);
            }
        }
    }

    /// <summary>It was placed, which is not seen yet.</summary>
    public void Confirm(ObjectName name)
    {
        lock (_lock)
        {
            if (_pods.TryGetValue(name, out var present) && present.Certainty == Certainty.Assumed)
            {
                _pods[name] = present with { Certainty = Certainty.Confirmed };
            }
        }
    }

    /// <summary>It is not placed after all.</summary>
    public void Forget(ObjectName name)
    {
        lock (_lock)
        {
            if (_pods.TryGetValue(name, out var present) && present.Certainty == Certainty.Assumed)
            {
                Set(name, "", present.Pod, Certainty.Assumed);
            }
        }
    }

    /// <summary>The same without some of the pods, to see what that would change.</summary>
    public PlacedPods Without(IReadOnlySet<ObjectName> names)
    {
        var trial = new PlacedPods();
        lock (_lock)
        {
            foreach (var (name, placed) in _pods.Where(pod => !names.Contains(pod.Key)))
            {
                trial.Set(name, placed.Node, placed.Pod, placed.Certainty);
            }
        }

        return trial;
    }

    /// <summary>Whether a pod has its node for certain, also where that is not seen yet.</summary>
    public bool IsSettled(JsonObject pod)
    {
        lock (_lock)
        {
            return _pods.TryGetValue(ObjectName.Of(pod), out var present) && present.Certainty != Certainty.Assumed && Ownership.Uid(present.Pod) == Ownership.Uid(pod);
        }
    }

    /// <summary>Works on the load of a node.</summary>
    public T Read<T>(string node, Func<NodeLoad, T> work)
    {
        lock (_lock)
        {
            return work(Of(node));
        }
    }

    /// <summary>The pods with their nodes.</summary>
    /// <param name="choosyOnly">Only those that have wishes about other pods.</param>
    public IReadOnlyList<(JsonObject Pod, string Node)> All(bool choosyOnly)
    {
        lock (_lock)
        {
            return [.. (choosyOnly ? _choosy.Select(name => _pods[name]) : _pods.Values).Select(placed => (placed.Pod, placed.Node))];
        }
    }

    /// <summary>How many pods of a namespace that a selector selects each node has; a node without any is not there. Pods that end do not count.</summary>
    public IReadOnlyDictionary<string, int> Count(string @namespace, JsonObject selector)
    {
        lock (_lock)
        {
            return new Dictionary<string, int>(_counts.Of(@namespace, selector, _pods.Values.Select(placed => (placed.Pod, placed.Node))), StringComparer.Ordinal);
        }
    }

    private void Set(ObjectName name, string node, JsonObject pod, Certainty certainty)
    {
        if (_pods.TryGetValue(name, out var present))
        {
            if (present.Node == node && PodCounts.IsSame(present.Pod, pod))
            {
                _pods[name] = present with { Pod = pod, Certainty = certainty };
                return;
            }

            _pods.Remove(name);
            _choosy.Remove(name);
            _loads[present.Node].Add(present.Request, -1);
            _counts.Add(present.Pod, present.Node, -1);
        }

        if (node.Length > 0)
        {
            var request = PodRequest.Of(pod);
            _pods[name] = new(pod, node, request, certainty);
            Of(node).Add(request, 1);
            _counts.Add(pod, node, 1);
            if (PodAffinity.IsChoosy(pod))
            {
                _choosy.Add(name);
            }
        }
    }

    private NodeLoad Of(string node)
    {
        if (!_loads.TryGetValue(node, out var load))
        {
            _loads[node] = load = new();
        }

        return load;
    }

    private enum Certainty
    {
        Assumed,
        Confirmed,
        Seen,
    }

    private sealed record Placed(JsonObject Pod, string Node, PodRequest Request, Certainty Certainty);
}
