using System.Globalization;
using System.Text.Json.Nodes;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Sandbox.Api.Tables;
using HomelabOps.Sandbox.Controllers.Nodes.Kubelet;
using HomelabOps.Sandbox.Controllers.Nodes.Serving;
using HomelabOps.Sandbox.Controllers.Nodes.World;
using HomelabOps.Sandbox.Controllers.Runtime;

namespace HomelabOps.Sandbox.Controllers.Nodes;

/// <summary>
/// What kubelets do about a disk that is nearly full: they give up one pod every ten seconds, first those that use more than they asked
/// for, of these the least important, of these the largest, until there is room. Critical pods stay.
/// </summary>
internal sealed class EvictionController : Controller
{
    private const string Resource = "ephemeral-storage";
    private const long Critical = 2_000_000_000;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly NodeWorld _world;
    private readonly ClusterView _cluster;
    private readonly KubeletController _kubelets;

    public EvictionController(ControllerHost host, NodeWorld world, ClusterView cluster, KubeletController kubelets)
        : base(host, "kubelet")
    {
        (_world, _cluster, _kubelets) = (world, cluster, kubelets);
        world.OnChange(node =>
        {
            if (node is { HasDiskPressure: true })
            {
                Enqueue(new("", node.Name));
            }
        });
    }

    protected override Task<TimeSpan?> ReconcileAsync(ObjectName name, CancellationToken cancellationToken)
    {
        if (_world.Find(name.Name) is not { HasDiskPressure: true } state)
        {
            return Task.FromResult<TimeSpan?>(null);
        }

        if (state.IsReporting)
        {
            EvictOne(name, state);
        }

        return Task.FromResult<TimeSpan?>(Interval);
    }

    private void EvictOne(ObjectName name, NodeState state)
    {
        if (_cluster.Nodes.Find(name) is { } node)
        {
            Objects.Record(node, "Warning", "EvictionThresholdMet", $"Attempting to reclaim {Resource}");
        }

        var (pod, run) = _kubelets.RunningOn(state).Where(item => Cells.Number(item.Pod, "spec.priority") < Critical)
            .OrderByDescending(item => Excess(item.Run) > 0)
            .ThenBy(item => Cells.Number(item.Pod, "spec.priority"))
            .ThenByDescending(item => Excess(item.Run))
            .ThenBy(item => item.Run.FullName, StringComparer.Ordinal)
            .FirstOrDefault();
        if (pod is not null)
        {
            _kubelets.Evict(ObjectName.Of(pod), Message(state.Node.Disk, run));
        }
    }

    private static long Excess(PodRun run) => Own(run).Sum(container => UsageModel.Disk(container) - Request(container));

    private static long Request(ContainerRun container) => Quantity.Whole(Cells.Text(container.Spec, $"resources.requests.{Resource}", "0"));

    private static IEnumerable<ContainerRun> Own(PodRun run) => run.Containers.Where(container => container.Phase == ContainerPhase.Running);

    // In the kubelet's words, the space at the end included.
    private static string Message(long disk, PodRun run) => string.Create(CultureInfo.InvariantCulture, $"The node was low on resource: {Resource}. Threshold quantity: {disk / 20}, available: {disk * 4 / 100 / 1024}Ki. ")
        + string.Concat(Own(run).Where(container => UsageModel.Disk(container) > Request(container)).Select(container => string.Create(
            CultureInfo.InvariantCulture,
            $"Container {container.Name} was using {UsageModel.Disk(container) / 1024}Ki, request is {Cells.Text(container.Spec, $"resources.requests.{Resource}", "0")}, has larger consumption of {Resource}. ")));
}
