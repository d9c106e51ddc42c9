using System.Globalization;
using System.Text.Json.Nodes;
using HomelabOps.Core.Drills.Copying;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Controllers.Nodes.World;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Copying;

/// <summary>Machines as the nodes of a cluster describe them, with the folders that volumes and pods expect there and the mounts that homelab.yaml names.</summary>
internal static class CopiedNodes
{
    private const string HostName = "kubernetes.io/hostname";

    // A server that answers nobody; what is mounted from it is simulated.
    private const string AnyServer = "192.0.2.1:";
    private static readonly (string Group, string Kind)[] Workloads = [("apps", "Deployment"), ("apps", "StatefulSet"), ("apps", "DaemonSet"), ("batch", "CronJob"), ("", "Pod")];

    public static IReadOnlyList<SimulatedNode> Of(ClusterCopy cluster, HomelabConfig config)
    {
        var everywhere = HostPaths(cluster).Where(path => path.Type is "" or "Directory" or "DirectoryOrCreate").Select(path => path.Path).ToList();
        var bound = cluster.Of("", "PersistentVolume").Select(volume => (Path: Text(volume, "spec.local.path", Text(volume, "spec.hostPath.path")), Nodes: NodesOf(volume))).Where(volume => volume.Path.Length > 0).ToList();
        return [.. cluster.Of("", "Node").Select((node, index) => Of(node, index, config) with
        {
            Folders = [.. bound.Where(volume => volume.Nodes.Count == 0 || volume.Nodes.Contains(Text(node, "metadata.name"))).Select(volume => volume.Path), .. everywhere],
        })];
    }

    /// <summary>Files of nodes that pods insist on.</summary>
    public static IEnumerable<string> Files(ClusterCopy cluster) => HostPaths(cluster).Where(path => path.Type is "File" or "Socket" or "CharDevice" or "BlockDevice").Select(path => path.Path);

    private static SimulatedNode Of(JsonObject node, int index, HomelabConfig config)
    {
        var name = Text(node, "metadata.name");
        return new()
        {
            Name = name,
            Labels = Texts(node, "labels"),
            Annotations = Texts(node, "annotations"),
            Taints = [.. Items(node, "spec.taints").Select(taint => new NodeTaint(Text(taint, "key"), Text(taint, "effect"), Text(taint, "value")))],
            Address = Items(node, "status.addresses").Where(address => Text(address, "type") == "InternalIP").Select(address => Text(address, "address")).FirstOrDefault(IsSimulated) ?? "192.0.2.2",
            PodCidr = PodCidrs(node).FirstOrDefault(IsSimulated) ?? string.Create(CultureInfo.InvariantCulture, $"10.42.{index}.0/24"),
            Cpu = (int)Math.Max(1, Amount(node, "cpu")),
            Memory = Math.Max(1L << 30, Amount(node, "memory")),
            Disk = Math.Max(1L << 30, Amount(node, "ephemeral-storage")),
            Pods = (int)Math.Max(1, Amount(node, "pods")),
            OperatingSystemImage = Text(node, "status.nodeInfo.osImage", "Linux"),
            KernelVersion = Text(node, "status.nodeInfo.kernelVersion"),
            KubeletVersion = Text(node, "status.nodeInfo.kubeletVersion"),
            ContainerRuntime = Text(node, "status.nodeInfo.containerRuntimeVersion"),
            Architecture = Text(node, "status.nodeInfo.architecture", "amd64"),
            Mounts = [.. config.Mounts.Where(mount => mount.Nodes.Count == 0 || mount.Nodes.Contains(name, StringComparer.Ordinal)).Select(mount => new NodeMount(mount.Path, mount.Source ?? AnyServer + mount.Path, mount.Version ?? "4.2"))],
        };
    }

    // Simulated networks have IPv4; nodes of both may name the other first.
    private static bool IsSimulated(string address) => !address.Contains(':', StringComparison.Ordinal);

    private static IEnumerable<string> PodCidrs(JsonObject node) =>
        [.. new[] { Text(node, "spec.podCIDR") }.Where(cidr => cidr.Length > 0), .. (At(node, "spec.podCIDRs") as JsonArray ?? []).Select(cidr => (string?)cidr ?? "")];

    private static IEnumerable<(string Path, string Type)> HostPaths(ClusterCopy cluster) => Workloads.SelectMany(kind => cluster.Of(kind.Group, kind.Kind).SelectMany(item => Items(SpecOf(item), "volumes")))
        .Select(volume => (Path: Text(volume, "hostPath.path"), Type: Text(volume, "hostPath.type"))).Where(path => path.Path.Length > 0).Distinct();

    private static JsonNode? SpecOf(JsonObject item) => Text(item, "kind") switch
    {
        "Pod" => item["spec"],
        "CronJob" => At(item, "spec.jobTemplate.spec.template.spec"),
        _ => At(item, "spec.template.spec"),
    };

    private static HashSet<string> NodesOf(JsonObject volume) => Items(volume, "spec.nodeAffinity.required.nodeSelectorTerms").SelectMany(term => Items(term, "matchExpressions"))
        .Where(expression => Text(expression, "key") == HostName).SelectMany(expression => (expression["values"] as JsonArray ?? []).Select(value => (string?)value ?? "")).ToHashSet(StringComparer.Ordinal);

    private static Dictionary<string, string> Texts(JsonObject node, string part) =>
        (node["metadata"]?[part] as JsonObject ?? []).ToDictionary(field => field.Key, field => (string?)field.Value ?? "", StringComparer.Ordinal);

    private static long Amount(JsonObject node, string resource) => Quantity.Whole((string?)At(node, "status.capacity")?[resource]);
}
