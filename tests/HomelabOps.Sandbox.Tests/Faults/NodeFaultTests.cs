using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Nodes.Programs;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Tests.Faults;

/// <summary>Machines and their mounts.</summary>
public sealed class NodeFaultTests(FaultyHomelab homelab) : IClassFixture<FaultyHomelab>
{
    private const string Primary = "k3s-w1";

    [Theory]
    [InlineData("NodeDown")]
    [InlineData("NodeUnreachable")]
    [InlineData("KubeletStopped")]
    public Task A_silent_node_is_not_ready_and_loses_its_pods(string fault) => homelab.ProveAsync(
        fault,
        Primary,
        TimeSpan.FromSeconds(20),
        ("NotReady", it => Task.FromResult(Cells.Text(FaultyHomelab.Condition(Node(it), "Ready"), "status") == "Unknown")),
        ("tainted", it => Task.FromResult(Cells.Items(Node(it), "spec.taints").Any(taint => Cells.Text(taint, "key") == "node.kubernetes.io/unreachable"))),
        ("Terminating", it => Task.FromResult(FaultyHomelab.PodsOf(it, "sonarr").Any(pod => pod["metadata"]!["deletionTimestamp"] is not null))));

    [Fact]
    public Task A_node_behind_a_firewall_is_ready_and_its_Syncthings_are_alone() => homelab.ProveAsync(
        "NodeWalledOff",
        Primary,
        TimeSpan.FromSeconds(5),
        ("Ready", it => Task.FromResult(FaultyHomelab.IsReady(Node(it)))),
        ("disconnected", it => Task.FromResult(it.Host.Informer(Types.ReplicationSource).All.Where(source => source["spec"]?["syncthing"] is not null)
            .All(source => it.Replication.Syncthing.Read(ObjectName.Of(source), (device, _) => device.Place.Peers.All(peer => !device.Link(peer.Id).IsConnected))))));

    [Fact]
    public Task A_full_disk_makes_the_kubelet_evict_pods() => homelab.ProveAsync(
        "DiskPressure",
        Primary,
        TimeSpan.FromSeconds(5),
        ("DiskPressure", it => Task.FromResult(Cells.Text(FaultyHomelab.Condition(Node(it), "DiskPressure"), "status") == "True")),
        ("tainted", it => Task.FromResult(Cells.Items(Node(it), "spec.taints").Any(taint => Cells.Text(taint, "key") == "node.kubernetes.io/disk-pressure"))),
        ("Evicted", it => Task.FromResult(it.Host.Informer(ResourceType.Pod).All.Any(pod => Cells.Text(pod, "status.phase") == "Failed" && Cells.Text(pod, "status.reason") == "Evicted"
            && Cells.Text(pod, "status.message").StartsWith("The node was low on resource: ephemeral-storage.", StringComparison.Ordinal) && Cells.Text(pod, "spec.nodeName") == Primary))),
        ("its successor waits", it => Task.FromResult(it.Host.Informer(ResourceType.Pod).All.Any(pod => Cells.Text(pod, "status.phase") == "Pending"))),
        ("critical pods stay", it => Task.FromResult(it.Host.Informer(ResourceType.Pod).All.Where(pod => Cells.Number(pod, "spec.priority") >= 2_000_000_000).All(pod => Cells.Text(pod, "status.reason") != "Evicted"))),
        ("EvictionThresholdMet", it => FaultyHomelab.HasEventAsync(it, "EvictionThresholdMet", "Attempting to reclaim ephemeral-storage")));

    [Fact]
    public Task Little_memory_shows_on_the_node() => homelab.ProveAsync(
        "MemoryPressure",
        Primary,
        TimeSpan.FromSeconds(5),
        ("MemoryPressure", it => Task.FromResult(Cells.Text(FaultyHomelab.Condition(Node(it), "MemoryPressure"), "status") == "True")),
        ("tainted", it => Task.FromResult(Cells.Items(Node(it), "spec.taints").Any(taint => Cells.Text(taint, "key") == "node.kubernetes.io/memory-pressure"))));

    [Theory]
    [InlineData("NfsMissing")]
    [InlineData("NfsStale")]
    [InlineData("NfsHung")]
    [InlineData("NfsWrongSource")]
    [InlineData("NfsWrongVersion")]
    [InlineData("NfsReadOnly")]
    [InlineData("NfsEmpty")]
    public Task A_mount_is_not_as_it_ought_to_be(string fault) => homelab.ProveAsync(
        fault,
        null,
        TimeSpan.FromSeconds(5),
        ("the mount table and the mount", async it => await LooksAsync(it, fault)));

    // What a probe on the node would see.
    private static async Task<bool> LooksAsync(EmbeddedHomelab it, string fault)
    {
        var table = it.Nodes.Node(Primary).Files.Table();
        var mount = table.Mounts.FirstOrDefault(mount => mount.Path == "/data/media");
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        switch (fault)
        {
            case "NfsMissing":
                return mount is null && (await table.ListAsync("/data/media", patience.Token)).Count == 0;
            case "NfsStale":
                return (await Assert.ThrowsAsync<FileException>(() => table.StatAsync("/data/media/tv", patience.Token))).Message.Contains("Stale", StringComparison.OrdinalIgnoreCase);
            case "NfsHung":
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() => table.StatAsync("/data/media/tv", patience.Token));
                return true;
            case "NfsWrongSource":
                return mount!.Source != "192.168.1.10:/mnt/user/media";
            case "NfsWrongVersion":
                return mount!.Options.Contains("vers=3", StringComparison.Ordinal);
            case "NfsReadOnly":
                return mount!.IsReadOnly;
            default:
                return mount is not null && (await table.ListAsync("/data/media", patience.Token)).Count == 0;
        }
    }

    private static JsonObject? Node(EmbeddedHomelab it) => it.Host.Informer(ResourceType.Node).Find("", Primary);
}
