using HomelabOps.Core.Kubernetes;
using HomelabOps.Core.Kubernetes.Pods;
using HomelabOps.Core.Kubernetes.Wire;
using HomelabOps.Core.Operations.Record;

namespace HomelabOps.Core.Operations.Steps;

/// <summary>Pods of moved applications on the target.</summary>
internal static class TargetPods
{
    /// <summary>Whether one of them was ever more than scheduled, and so may have written.</summary>
    public static async Task<bool> HaveStartedAsync(FailoverOptions options, OperationRecord record, CancellationToken cancellationToken)
    {
        var apps = record.Apps.Select(app => app.Reference(options.Client.Name)).ToHashSet();
        await foreach (var (pod, owner) in PodReader.ReadWiresAsync(options.Client, new ListQuery { FieldSelector = $"spec.nodeName={record.To}" }, new(new()), new(options.Client), cancellationToken))
        {
            if (owner is not null && apps.Contains(owner) && HasStarted(pod))
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasStarted(PodWire pod) => pod.Status?.Phase is "Running" or "Succeeded" or "Failed"
        || (pod.Status?.ContainerStatuses ?? []).Concat(pod.Status?.InitContainerStatuses ?? []).Any(status => status.RestartCount > 0 || status.State?.Running is not null || status.State?.Terminated is not null);
}
