using System.Net;
using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Nodes.World;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Controllers.Nodes.Kubelet;

/// <summary>What processes on a node reach over TCP: kubelets by the address of their node, and pods by their own or that of their Service.</summary>
internal sealed class NodeNetwork(NodeWorld world, ClusterView cluster)
{
    private const int KubeletPort = 10250;
    private const string Loopback = "127.0.0.1";
    private const string Domain = "cluster.local";
    private const string Refused = "Connection refused";
    private const string NoRoute = "No route to host";

    /// <summary>Connects to a port of a pod that its node reaches; fails where nobody listens there.</summary>
    public Func<JsonObject, int, Stream> Open { get; init; } = (_, _) => throw new IOException(Refused);

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

    /// <summary>What the cluster's DNS knows of a name, and its first one in full: Services, pods of headless ones, nodes.</summary>
    public (string Name, IReadOnlyList<string> Addresses) Resolve(string @namespace, string name)
    {
        if (IPAddress.TryParse(name, out _) || name == "localhost")
        {
            return (name, [name == "localhost" ? Loopback : name]);
        }

        var isWhole = name.EndsWith('.');
        var plain = name.TrimEnd('.');
        foreach (var full in isWhole ? [plain] : new[] { plain, $"{plain}.{@namespace}.svc.{Domain}", $"{plain}.svc.{Domain}", $"{plain}.{Domain}" })
        {
            if (Find(full) is { Count: > 0 } addresses)
            {
                return (full, addresses);
            }
        }

        return (plain, []);
    }

    /// <summary>Opens a connection from a pod.</summary>
    /// <returns>The connection, or the words of the failure.</returns>
    public (Stream? Stream, string Failure) Connect(PodRun from, string address, int port)
    {
        var (pod, target) = Target(from, address, port);
        if (pod is null)
        {
            return (null, Dial(from.Node, address, port) ?? Refused);
        }

        if (!world.AreLinked(from.Node.Name, Cells.Text(pod, "spec.nodeName")))
        {
            return (null, NoRoute);
        }

        try
        {
            return (Open(pod, target), "");
        }
        catch (IOException)
        {
            return (null, Refused);
        }
        catch (ApiException)
        {
            return (null, NoRoute);
        }
    }

    private (JsonObject? Pod, int Port) Target(PodRun from, string address, int port)
    {
        if (address is Loopback or "::1" || address == from.Ip)
        {
            return (cluster.Pods.Find(from.Namespace, from.Name), port);
        }

        if (cluster.Pods.All.FirstOrDefault(pod => Cells.Text(pod, "status.podIP") == address && Cells.Text(pod, "status.phase") == "Running") is { } direct)
        {
            return (direct, port);
        }

        var service = cluster.Services.All.FirstOrDefault(service => Cells.Text(service, "spec.clusterIP") == address || Cells.Items(service, "status.loadBalancer.ingress").Any(given => Cells.Text(given, "ip") == address));
        if (service is null || Cells.Items(service, "spec.ports").FirstOrDefault(each => Cells.Number(each, "port") == port) is not { } wanted)
        {
            return (null, port);
        }

        foreach (var slice in Slices(service))
        {
            var number = Cells.Items(slice, "ports").Where(each => Cells.Text(each, "name") == Cells.Text(wanted, "name")).Select(each => (int)Cells.Number(each, "port")).FirstOrDefault();
            foreach (var endpoint in Ready(slice))
            {
                if (number > 0 && cluster.Pods.Find(Cells.Text(service, "metadata.namespace"), Cells.Text(endpoint, "targetRef.name")) is { } pod)
                {
                    return (pod, number);
                }
            }
        }

        return (null, port);
    }

    // [POD.]SERVICE.NAMESPACE.svc.cluster.local, or a node.
    private List<string> Find(string full)
    {
        if (world.Find(full) is { } node)
        {
            return [node.Node.Address];
        }

        var parts = full.Split('.');
        var length = parts.Length;
        if (length is < 5 or > 6 || parts[(length - 3)..] is not ["svc", "cluster", "local"] || cluster.Services.Find(parts[length - 4], parts[length - 5]) is not { } service)
        {
            return [];
        }

        var pod = length == 6 ? parts[0] : null;
        var given = Cells.Text(service, "spec.clusterIP");
        return given != "None"
            ? pod is null && given.Length > 0 ? [given] : []
            : [.. Endpoints(service).Where(endpoint => pod is null || Cells.Text(endpoint, "hostname", Cells.Text(endpoint, "targetRef.name")) == pod).SelectMany(endpoint => (endpoint["addresses"] as JsonArray ?? []).Select(address => (string?)address ?? ""))];
    }

    private IEnumerable<JsonObject> Endpoints(JsonObject service) => Slices(service).SelectMany(Ready);

    private static IEnumerable<JsonObject> Ready(JsonObject slice) => Cells.Items(slice, "endpoints").Where(endpoint => (bool?)endpoint["conditions"]?["ready"] != false);

    private IEnumerable<JsonObject> Slices(JsonObject service)
    {
        var name = ObjectName.Of(service);
        return cluster.Slices.In(name.Namespace).Where(slice => (string?)slice["metadata"]?["labels"]?["kubernetes.io/service-name"] == name.Name);
    }
}
