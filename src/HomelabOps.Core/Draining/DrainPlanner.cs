using HomelabOps.Core.Applications;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Nodes;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Streaming;

namespace HomelabOps.Core.Draining;

/// <summary>Works out what a drain of a node does. Nothing is changed.</summary>
internal static class DrainPlanner
{
    /// <summary>The pods of a node, what becomes of them, and what they lose or miss elsewhere.</summary>
    /// <param name="client">The cluster.</param>
    /// <param name="node">The node.</param>
    /// <param name="config">The settings of the homelab.</param>
    /// <param name="options">How it is drained.</param>
    /// <param name="cancellationToken">Ends the requests.</param>
    /// <exception cref="HomelabException">AccessDenied, and what ends every request.</exception>
    public static async Task<(DrainPlan Plan, IReadOnlyList<Notice> Notices)> PlanAsync(ClusterClient client, NodeWire node, HomelabConfig config, DrainOptions options, CancellationToken cancellationToken)
    {
        var reference = new ResourceReference(client.Name, "Node", "", node.Metadata.Name);
        var pods = new List<PodWire>();
        await foreach (var pod in client.ListAsync(ResourceType.Pod, options.PodsOf(node.Metadata.Name), WireContext.Default.PodWire, cancellationToken: cancellationToken))
        {
            pods.Add(pod);
        }

        var facts = await AppFacts.ReadAsync(client, new AppQuery { References = [reference], Config = config }, cancellationToken);
        var plan = new DrainPlan
        {
            Node = reference,
            Evicted = pods.FindAll(pod => DrainRules.FateOf(pod) == DrainFate.Evicted),
            Staying = pods.FindAll(pod => DrainRules.FateOf(pod) == DrainFate.Stays),
        };
        return (plan with { Warnings = [.. Warnings(client.Name, plan, node, facts, config, options)] }, facts.Notices);
    }

    private static IEnumerable<string> Warnings(string cluster, DrainPlan plan, NodeWire node, AppFacts facts, HomelabConfig config, DrainOptions options)
    {
        var name = node.Metadata.Name;
        if (!NodeTerms.IsReady(node))
        {
            yield return Errors.Text("NodeDrainNotReady", plan.Node);
        }

        var running = plan.Evicted.Where(pod => !DrainRules.HasEnded(pod)).ToList();
        var nodes = new AppNodes(facts.Nodes, config);
        var bound = running.FindAll(pod => IsBound(pod, name, facts, nodes));
        var mapper = new AppMapper(facts, config, cluster);
        var apps = facts.Workloads.Where(workload => !AppReader.IsMover(workload)).Select(mapper.Map)
            .Where(app => app.HomeNode == name && app.Pods.Any(pod => bound.Exists(each => IsSame(each, pod)))).ToList();
        if (apps.Count > 0)
        {
            yield return Errors.Text("NodeDrainHome", plan.Node, string.Join(", ", apps.Select(app => $"{app.Namespace}/{app.App}")), name);
        }

        if (bound.FindAll(pod => !apps.Exists(app => app.Pods.Any(own => IsSame(pod, own)))) is { Count: > 0 } others)
        {
            yield return Errors.Text("NodeDrainBound", plan.Node, DrainPlan.Names(others));
        }

        if (running.FindAll(pod => pod.Spec?.Volumes?.Exists(volume => volume.EmptyDir is not null) == true) is { Count: > 0 } empty)
        {
            yield return Errors.Text("NodeDrainEmptyDir", DrainPlan.Names(empty));
        }

        if (running.FindAll(pod => pod.Spec?.Volumes?.Exists(volume => volume.HostPath is not null) == true) is { Count: > 0 } local)
        {
            yield return Errors.Text("NodeDrainHostPath", plan.Node, DrainPlan.Names(local));
        }

        if (options.Force && plan.Bare.Any())
        {
            yield return Errors.Text("NodeDrainBareForced", DrainPlan.Names(plan.Bare));
        }
    }

    private static bool IsSame(PodWire pod, HomelabPod record) => pod.Metadata.Name == record.Name && pod.Metadata.Namespace == record.Namespace;

    // One of its volumes can be mounted here only.
    private static bool IsBound(PodWire pod, string node, AppFacts facts, AppNodes nodes) =>
        (pod.Spec?.Volumes ?? []).Exists(volume => volume.PersistentVolumeClaim is { ClaimName: var claim }
            && facts.Claims.GetValueOrDefault((pod.Metadata.Namespace ?? "", claim))?.Spec?.VolumeName is { } bound
            && nodes.HomeOf(facts.Volumes.GetValueOrDefault(bound)?.Spec?.NodeAffinity) == node);
}
