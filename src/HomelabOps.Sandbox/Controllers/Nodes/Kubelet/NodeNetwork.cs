using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Nodes.World;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Controllers.Nodes.Kubelet;

/// <summary>What processes on a node reach over TCP: kubelets by the address of their node, and pods by that of their Service.</summary>
internal sealed class NodeNetwork(NodeWorld world, ClusterView cluster)
{
    private const int KubeletPort = 10250;
    private const string Refused = "Connection refused";
    private const string NoRoute = "No route to host";

    /// <summary>Connects.</summary>
    /// <returns>The words of the failure; null where somebody answered.</returns>
    public string? Dial(NodeState from, string host, int port)
    {
        if (world.Nodes.FirstOrDefault(node => node.Node.Address == host) is { } node)
        {
            return !world.AreLinked(from.Name, node.Name) ? NoRoute : port == KubeletPort && node.KubeletRuns ? null : Refused;
        }

        if (cluster.Services.All.FirstOrDefault(service => Cells.Text(service, "spec.clusterIP") == host) is not { } found)
        {
            return NoRoute;
        }

        var nodes = Endpoints(found).Select(endpoint => Cells.Text(endpoint, "nodeName")).ToList();
        return nodes.Count == 0 || !Cells.Items(found, "spec.ports").Any(each => Cells.Number(each, "port") == port) ? Refused : nodes.Exists(each => world.AreLinked(from.Name, each)) ? null : NoRoute;
    }

    private IEnumerable<JsonObject> Endpoints(JsonObject service)
    {
        var name = ObjectName.Of(service);
        return cluster.Slices.In(name.Namespace)
            .Where(slice => (string?)slice["metadata"]?["labels"]?["kubernetes.io/service-name"] == name.Name)
            .SelectMany(slice => Cells.Items(slice, "endpoints")).Where(endpoint => (bool?)endpoint["conditions"]?["ready"] != false);
    }
}
