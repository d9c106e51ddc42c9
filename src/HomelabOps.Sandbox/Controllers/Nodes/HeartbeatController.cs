using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using HomelabOps.Core;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Api.Rules;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Nodes.Kubelet;
using HomelabOps.Sandbox.Controllers.Nodes.World;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Controllers.Nodes;

/// <summary>
/// The kubelets' own objects: registers the nodes, renews a lease for each every 10 s, and writes the status of a node when it
/// changes, or every 5 minutes. A node that does not report is left alone, and one that somebody has deleted stays away until its
/// kubelet is started anew.
/// </summary>
internal sealed class HeartbeatController : Controller
{
    private const string LeaseNamespace = "kube-node-lease";
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StatusInterval = TimeSpan.FromMinutes(5);

    // So much real time a node costs at the least, so that a clock that runs fast does not drown the server in leases.
    private static readonly TimeSpan Cost = TimeSpan.FromMilliseconds(20);

    private readonly NodeWorld _world;
    private readonly ClusterView _cluster;
    private readonly ConcurrentDictionary<string, Beat> _beats = new(StringComparer.Ordinal);

    public HeartbeatController(ControllerHost host, NodeWorld world, ClusterView cluster)
        : base(host, "kubelet")
    {
        _world = world;
        _cluster = cluster;
        Watch(ResourceType.Node, change => change.After is null || !Conditions.IsReady(change.After) ? [ObjectName.Of(change.Latest)] : []);
        world.OnChange(node =>
        {
            if (node is not null)
            {
                Enqueue(new("", node.Name));
            }
        });
    }

    protected override int Workers => 4;

    public override void Start()
    {
        foreach (var node in _world.Nodes)
        {
            Enqueue(new("", node.Name));
        }

        base.Start();
    }

    protected override async Task<TimeSpan?> ReconcileAsync(ObjectName name, CancellationToken cancellationToken)
    {
        if (_world.Find(name.Name) is not { IsReporting: true } state)
        {
            return null;
        }

        var now = Clock.GetUtcNow();
        state.SeenUp(now);
        var beat = _beats.GetOrAdd(name.Name, _ => new());
        var (node, start) = (_cluster.Nodes.Find(name), state.KubeletStarts);
        if (node is null && beat.RegisteredStart != start && await RegisterAsync(state, now, cancellationToken) is { } created)
        {
            node = created;
            beat.StatusAt = now;
            Host.Events.Record(node, state.Name, [new("Normal", "Starting", "Starting kubelet."), new("Normal", "NodeReady", $"Node {state.Name} status is now: NodeReady")]);
        }

        if (node is not null)
        {
            beat.RegisteredStart = start;
            await WriteStatusAsync(name, state, node, beat, now, cancellationToken);
            await RenewAsync(state, node, beat, now, cancellationToken);
        }

        return Heartbeat;
    }

    private async Task<JsonObject?> RegisterAsync(NodeState state, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var body = NodeDescription.Register(state, now);
        return await Objects.CreateAsync(ResourceType.Node, body, cancellationToken) is not { } node ? null
            : Cells.Count(node, "status.conditions") > 0 ? node
            : await Objects.MergeStatusAsync(ResourceType.Node, ObjectName.Of(node), NodeDescription.Status(state, null, now), cancellationToken);
    }

    private async Task WriteStatusAsync(ObjectName name, NodeState state, JsonObject node, Beat beat, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var present = node["status"] as JsonObject;
        var status = NodeDescription.Status(state, present, now);

        // New images alone can wait; pods that start on a new node would make it write once for each.
        status["images"] = now - beat.StatusAt >= StatusInterval || present?["images"] is null ? status["images"]!.DeepClone() : present["images"]!.DeepClone();
        if (now - beat.StatusAt < StatusInterval && NodeDescription.IsSame(status, present))
        {
            return;
        }

        var before = ConditionsOf(present);
        if (await Objects.MergeStatusAsync(ResourceType.Node, name, status, cancellationToken) is { } written)
        {
            beat.StatusAt = now;
            Host.Events.Record(written, state.Name, ConditionsOf(status).Where(condition => before.TryGetValue(condition.Key, out var old) && old != condition.Value).Select(condition => Told(state.Name, condition.Key, condition.Value)));
        }
    }

    private static Dictionary<string, string> ConditionsOf(JsonObject? status) =>
        Cells.Items(status, "conditions").ToDictionary(condition => Cells.Text(condition, "type"), condition => Cells.Text(condition, "status"), StringComparer.Ordinal);

    private static PodEvent Told(string node, string type, string status)
    {
        var reason = (type, status) switch
        {
            ("Ready", "True") => "NodeReady",
            ("Ready", _) => "NodeNotReady",
            ("DiskPressure", "True") => "NodeHasDiskPressure",
            ("DiskPressure", _) => "NodeHasNoDiskPressure",
            ("MemoryPressure", "True") => "NodeHasInsufficientMemory",
            _ => "NodeHasSufficient" + type.Replace("Pressure", "", StringComparison.Ordinal),
        };
        return new("Normal", reason, $"Node {node} status is now: {reason}");
    }

    private async Task RenewAsync(NodeState state, JsonObject node, Beat beat, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Of the real time: a clock that runs a thousand times faster would ask for a thousand times as many.
        var real = TimeProvider.System.GetTimestamp();
        if (beat.IsLeased && now - beat.RenewedAt < Heartbeat / 2)
        {
            return;
        }

        if (beat.IsLeased && TimeProvider.System.GetElapsedTime(beat.RenewedReal, real) < Cost * _world.Nodes.Count && now - beat.RenewedAt < Heartbeat * 3)
        {
            return;
        }

        var time = now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
        var renewal = new JsonObject { ["spec"] = new JsonObject { ["holderIdentity"] = state.Name, ["leaseDurationSeconds"] = 40, ["renewTime"] = time } };
        if (await Objects.MergeAsync(Types.Lease, new(LeaseNamespace, state.Name), renewal, cancellationToken) is null)
        {
            renewal["metadata"] = new JsonObject
            {
                ["name"] = state.Name,
                ["namespace"] = LeaseNamespace,
                ["ownerReferences"] = new JsonArray(new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Node", ["name"] = state.Name, ["uid"] = Cells.Text(node, "metadata.uid") }),
            };
            await Objects.CreateAsync(Types.Lease, renewal, cancellationToken);
        }

        (beat.IsLeased, beat.RenewedAt, beat.RenewedReal) = (true, now, real);
    }

    /// <summary>When a node last wrote what.</summary>
    private sealed class Beat
    {
        public bool IsLeased { get; set; }

        /// <summary>The start of the kubelet in which it has registered its node.</summary>
        public int RegisteredStart { get; set; }

        public DateTimeOffset RenewedAt { get; set; }

        public long RenewedReal { get; set; }

        public DateTimeOffset StatusAt { get; set; }
    }
}
