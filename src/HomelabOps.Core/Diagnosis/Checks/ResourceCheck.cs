using HomelabOps.Core.Diagnosis.Causes;
using HomelabOps.Core.Diagnosis.Snapshot;
using HomelabOps.Core.Diagnosis.Wire;
using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Nodes;
using HomelabOps.Core.Kubernetes.Usage;
using HomelabOps.Core.Workloads;

namespace HomelabOps.Core.Diagnosis.Checks;

/// <summary>Containers that ask for nothing or may take everything, that are about to reach their limit, and pods that are larger than any node.</summary>
internal sealed class ResourceCheck : IHomelabCheck
{
    /// <summary>A pod asks for more than any node has even when it is empty.</summary>
    public const string OverNodes = "RequestsOverNodes";

    private const double NearLimit = 0.9;
    private const string Memory = "memory";

    // Its workloads are those of the distribution, which writes them anew as it likes.
    private const string SystemNamespace = "kube-system";

    public IEnumerable<Symptom> Check(HomelabSnapshot snapshot)
    {
        var workloads = (snapshot.Workloads ?? []).ToDictionary(workload => workload.Reference);
        foreach (var pods in (snapshot.Pods ?? []).Where(pod => !pod.HasEnded && pod.Wire.Metadata.DeletionTimestamp is null).GroupBy(pod => pod.Subject))
        {
            var all = pods.ToList();
            var apps = new[] { (pods.Key.Namespace, all[0].App) };
            foreach (var symptom in NearLimits(snapshot, pods.Key, all).Concat(Oversized(snapshot, pods.Key, all[0])))
            {
                yield return symptom with { Apps = apps };
            }

            // What does not run has other worries, and what a controller has made nobody can write otherwise.
            if (workloads.GetValueOrDefault(pods.Key) is { } workload && WorkloadTypes.Kinds.Contains(pods.Key.Kind) && pods.Key.Namespace != SystemNamespace && workload.Wire.Metadata.OwnerReferences is not { Count: > 0 } && all.TrueForAll(pod => pod.IsWell)
                && string.Join("; ", all[0].Containers.Where(item => !item.IsInit || item.Container.RestartPolicy == "Always").Select(item => Unset(all[0], item.Container)).OfType<string>()) is { Length: > 0 } unset)
            {
                yield return Symptom.Of(HomelabArea.Pod, FindingSeverity.Info, "ResourcesUnset", pods.Key, unset) with { Apps = apps };
            }
        }
    }

    // Limits of the processor slow down and protect nobody; without one of memory a leak takes the node along.
    private static string? Unset(PodFacts pod, DiagnosedContainerWire container)
    {
        var (limits, requests) = (container.Resources?.Limits, container.Resources?.Requests);
        var (all, allRequests) = (pod.Wire.Spec?.Resources?.Limits, pod.Wire.Spec?.Resources?.Requests);
        List<string> missing = [];
        if (!Has(limits, Memory) && !Has(all, Memory))
        {
            missing.Add("limits.memory");
        }

        missing.AddRange(new[] { "cpu", Memory }.Where(resource => !Has(requests, resource) && !Has(limits, resource) && !Has(allRequests, resource) && !Has(all, resource)).Select(resource => "requests." + resource));
        return missing.Count == 0 ? null : $"{container.Name}: {string.Join(", ", missing)}";
    }

    private static bool Has(Dictionary<string, string>? quantities, string resource) => quantities?.ContainsKey(resource) == true;

    private static IEnumerable<Symptom> NearLimits(HomelabSnapshot snapshot, ResourceReference subject, List<PodFacts> pods)
    {
        var near = from pod in pods
                   from item in pod.Containers
                   let limit = Quantity.Parse(item.Container.Resources?.Limits?.GetValueOrDefault(Memory))
                   let used = snapshot.MemoryUsage?.GetValueOrDefault((pod.Reference.Namespace, pod.Reference.Name, item.Container.Name))
                   where limit > 0 && used > limit * NearLimit
                   orderby used / limit descending
                   select (item.Container.Name, used, limit, pod.Reference);
        return near.DistinctBy(item => item.Name).Select(item =>
            Symptom.Of(HomelabArea.Pod, FindingSeverity.Warning, "MemoryNearLimit", subject, item.Name, Display.Bytes(item.used), Display.Bytes((long)item.limit!), Display.Percent(item.used / item.limit * 100)).With($"{item.Reference}") with
            {
                Part = item.Name,
                Causes = [new(subject, "OutOfMemory", "CrashLoop")],
            });
    }

    private static IEnumerable<Symptom> Oversized(HomelabSnapshot snapshot, ResourceReference subject, PodFacts pod)
    {
        // One that has never reported has nothing yet.
        var nodes = (snapshot.Nodes ?? []).Select(node => node.Status?.Allocatable).OfType<Dictionary<string, string>>().Select(NodeMapper.Resources).ToList();
        var wanted = PodResources.Of(pod.ToPod());
        if (pod.Node.Length == 0 && nodes.Count > 0 && nodes.TrueForAll(node => wanted.CpuRequest > node.Cpu || wanted.MemoryRequest > node.Memory))
        {
            yield return Symptom.Of(HomelabArea.Pod, FindingSeverity.Error, OverNodes, subject, Describe(wanted.CpuRequest, (long?)wanted.MemoryRequest), Describe(nodes.Max(node => node.Cpu), nodes.Max(node => node.Memory)));
        }
    }

    private static string Describe(double? cpu, long? memory) => string.Join(", ", new[] { cpu is null ? "" : $"{Display.Cpu(cpu)} CPU", Display.Bytes(memory) }.Where(part => part.Length > 0));
}
