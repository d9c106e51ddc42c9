using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Controllers.Scheduling;

/// <summary>What the pods of each node take together, kept up by each change of a pod and by what was decided but is not seen yet.</summary>
internal sealed class NodeLoads
{
    private readonly Lock _lock = new();
    private readonly Dictionary<ObjectName, (string Node, PodRequest Request)> _pods = [];
    private readonly Dictionary<string, Load> _loads = new(StringComparer.Ordinal);

    /// <summary>A pod was placed, changed or went.</summary>
    public void Change(ObjectChange change)
    {
        var node = change.After is { } pod && Cells.Text(pod, "status.phase") is not ("Succeeded" or "Failed") ? Cells.Text(pod, "spec.nodeName") : "";
        Set(ObjectName.Of(change.Latest), node, change.Latest);
    }

    /// <summary>A pod is about to be placed; with an empty node it is not after all.</summary>
    public void Set(ObjectName name, string node, JsonObject pod)
    {
        lock (_lock)
        {
            if (_pods.TryGetValue(name, out var present))
            {
                if (present.Node == node)
                {
                    return;
                }

                _loads[present.Node].Add(present.Request, -1);
                _pods.Remove(name);
            }

            if (node.Length > 0)
            {
                var request = PodRequest.Of(pod);
                _pods[name] = (node, request);
                Of(node).Add(request, 1);
            }
        }
    }

    /// <summary>Works on the load of a node.</summary>
    public T Read<T>(string node, Func<Load, T> work)
    {
        lock (_lock)
        {
            return work(Of(node));
        }
    }

    private Load Of(string node)
    {
        if (!_loads.TryGetValue(node, out var load))
        {
            _loads[node] = load = new();
        }

        return load;
    }

    /// <summary>The sums of one node.</summary>
    internal sealed class Load
    {
        private readonly Dictionary<string, int> _ports = new(StringComparer.Ordinal);

        public int Pods { get; private set; }

        public double Cpu { get; private set; }

        public double Memory { get; private set; }

        public bool IsTaken(string port) => _ports.GetValueOrDefault(port) > 0;

        public void Add(PodRequest request, int sign)
        {
            Pods += sign;
            Cpu += sign * request.Cpu;
            Memory += sign * request.Memory;
            foreach (var port in request.Ports)
            {
                _ports[port] = _ports.GetValueOrDefault(port) + sign;
            }
        }
    }
}
