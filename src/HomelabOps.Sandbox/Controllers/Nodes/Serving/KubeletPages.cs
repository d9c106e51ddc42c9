using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Nodes.Kubelet;
using HomelabOps.Sandbox.Controllers.Nodes.Programs;
using HomelabOps.Sandbox.Controllers.Nodes.World;

namespace HomelabOps.Sandbox.Controllers.Nodes.Serving;

/// <summary>What a kubelet answers over its own HTTP server: its figures, its pods, its health.</summary>
internal sealed class KubeletPages(NodeState state, IReadOnlyList<(JsonObject Pod, PodRun Run)> pods, DateTimeOffset now)
{
    private readonly string _now = Timestamps.Format(now);

    /// <summary>The answer to a path, or null where there is none.</summary>
    public (string Type, string Body)? Answer(string path) => path switch
    {
        "/healthz" => ("text/plain; charset=utf-8", "ok"),
        "/stats/summary" => ("application/json", Summary().ToJsonString()),
        "/metrics/resource" => ("text/plain; version=0.0.4; charset=utf-8", Resource()),
        "/pods" or "/pods/" => ("application/json", new JsonObject { ["kind"] = "PodList", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["items"] = new JsonArray([.. pods.Select(pod => pod.Pod.DeepClone())]) }.ToJsonString()),
        "/configz" => ("application/json", Configuration().ToJsonString()),
        _ => null,
    };

    private JsonObject Summary()
    {
        var node = state.Node;
        var usage = UsageModel.Of(node, pods.Select(pod => Total(pod.Run)), now);
        var images = pods.SelectMany(pod => pod.Run.Containers).Select(container => ImageReference.Parse(Cells.Text(container.Spec, "image"))).OfType<ImageReference>().DistinctBy(image => image.Full).Sum(image => image.Size);
        return new()
        {
            ["node"] = new JsonObject
            {
                ["nodeName"] = node.Name,
                ["startTime"] = Timestamps.Format(state.BootedAt ?? now),
                ["cpu"] = Cpu(usage.Cpu),
                ["memory"] = Memory(usage.Memory, node.Memory - usage.Memory),
                ["fs"] = FileSystem(node.Disk, Used()),
                ["runtime"] = new JsonObject { ["imageFs"] = FileSystem(node.Disk, images) },
            },
            ["pods"] = new JsonArray([.. pods.Where(pod => pod.Run.HasSandbox).Select(pod => Pod(pod.Pod, pod.Run))]),
        };
    }

    private JsonObject Pod(JsonObject pod, PodRun run)
    {
        var (cpu, memory) = Total(run);
        var result = new JsonObject
        {
            ["podRef"] = new JsonObject { ["name"] = run.Name, ["namespace"] = run.Namespace, ["uid"] = run.Uid },
            ["startTime"] = Timestamps.Format(run.StartedAt),
            ["containers"] = new JsonArray([.. run.Containers.Where(container => container.Phase == ContainerPhase.Running).Select(container => Container(run, container))]),
            ["cpu"] = Cpu(cpu),
            ["memory"] = Memory(memory, null),
        };
        var volumes = new JsonArray([.. Cells.Items(pod, "spec.volumes").Where(volume => volume["persistentVolumeClaim"] is not null).Select(volume => Volume(run, volume))]);
        if (volumes.Count > 0)
        {
            result["volume"] = volumes;
        }

        return result;
    }

    // A volume on the node's disk has the disk's figures.
    private JsonObject Volume(PodRun run, JsonObject volume)
    {
        var result = FileSystem(state.Node.Disk, Used());
        result["name"] = volume["name"]?.DeepClone();
        result["pvcRef"] = new JsonObject { ["name"] = Cells.Text(volume, "persistentVolumeClaim.claimName"), ["namespace"] = run.Namespace };
        return result;
    }

    private JsonObject Container(PodRun run, ContainerRun container)
    {
        var (cpu, memory) = UsageModel.Of(run, container, now);
        return new() { ["name"] = container.Name, ["startTime"] = Timestamps.Format(container.StartedAt), ["cpu"] = Cpu(cpu), ["memory"] = Memory(memory, null) };
    }

    private long Used() => state.HasDiskPressure ? state.Node.Disk * 96 / 100 : state.Files.Disk.Used;

    private (double Cpu, double Memory) Total(PodRun run) => run.Containers.Select(container => UsageModel.Of(run, container, now)).Aggregate((Cpu: 0.0, Memory: 0.0), (sum, each) => (sum.Cpu + each.Cpu, sum.Memory + each.Memory));

    private JsonObject Cpu(double cores) => new() { ["time"] = _now, ["usageNanoCores"] = (long)(cores * 1e9), ["usageCoreNanoSeconds"] = (long)(cores * 1e9 * 3600) };

    private JsonObject Memory(double bytes, double? available)
    {
        var memory = new JsonObject { ["time"] = _now, ["usageBytes"] = (long)(bytes * 1.2), ["workingSetBytes"] = (long)bytes, ["rssBytes"] = (long)(bytes * 0.8), ["pageFaults"] = 0, ["majorPageFaults"] = 0 };
        if (available is { } free)
        {
            memory["availableBytes"] = (long)free;
        }

        return memory;
    }

    private JsonObject FileSystem(long capacity, long used) => new()
    {
        ["time"] = _now,
        ["availableBytes"] = capacity - used,
        ["capacityBytes"] = capacity,
        ["usedBytes"] = used,
        ["inodesFree"] = 16_000_000,
        ["inodes"] = 16_777_216,
        ["inodesUsed"] = 777_216,
    };

    private string Resource()
    {
        var time = now.ToUnixTimeMilliseconds();
        var (cpu, memory) = UsageModel.Of(state.Node, pods.Select(pod => Total(pod.Run)), now);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# HELP node_cpu_usage_seconds_total [STABLE] Cumulative cpu time consumed by the node in core-seconds\n# TYPE node_cpu_usage_seconds_total counter\nnode_cpu_usage_seconds_total {cpu * 3600:0.###} {time}\n");
        text.Append(CultureInfo.InvariantCulture, $"# HELP node_memory_working_set_bytes [STABLE] Current working set of the node in bytes\n# TYPE node_memory_working_set_bytes gauge\nnode_memory_working_set_bytes {(long)memory} {time}\n");
        text.Append("# HELP container_memory_working_set_bytes [STABLE] Current working set of the container in bytes\n# TYPE container_memory_working_set_bytes gauge\n");
        foreach (var (run, container) in pods.SelectMany(pod => pod.Run.Containers.Where(container => container.Phase == ContainerPhase.Running).Select(container => (pod.Run, container))))
        {
            text.Append(CultureInfo.InvariantCulture, $"container_memory_working_set_bytes{{container=\"{container.Name}\",namespace=\"{run.Namespace}\",pod=\"{run.Name}\"}} {(long)UsageModel.Of(run, container, now).Memory} {time}\n");
        }

        return text.ToString();
    }

    private static JsonObject Configuration() => new()
    {
        ["kubeletconfig"] = new JsonObject
        {
            ["syncFrequency"] = "1m0s",
            ["nodeStatusUpdateFrequency"] = "10s",
            ["nodeStatusReportFrequency"] = "5m0s",
            ["nodeLeaseDurationSeconds"] = 40,
            ["imageGCHighThresholdPercent"] = 85,
            ["imageGCLowThresholdPercent"] = 80,
            ["maxPods"] = 110,
            ["evictionHard"] = new JsonObject { ["imagefs.available"] = "5%", ["nodefs.available"] = "5%" },
            ["clusterDNS"] = new JsonArray(ClusterDns.Address),
            ["clusterDomain"] = "cluster.local",
            ["cgroupDriver"] = "systemd",
        },
    };
}
