using System.Globalization;
using System.Text.Json.Nodes;

namespace HomelabOps.Core.Kubernetes.Status;

/// <summary>
/// The rules of kstatus, by which Flux, Helm and kpt decide whether an object has come to rest. Source: the behaviour of
/// sigs.k8s.io/cli-utils, of which Flux' health checks are made.
/// </summary>
internal static class KStatus
{
    // A pod that cannot be scheduled is given this long before it counts as failed.
    private static readonly TimeSpan ScheduleWindow = TimeSpan.FromSeconds(15);

    /// <summary>The state of an object and a word on why.</summary>
    /// <param name="item">The object with its status.</param>
    /// <param name="now">The cluster's time.</param>
    public static (ObjectStatus Status, string Message) Of(JsonObject item, DateTimeOffset now)
    {
        if (item["metadata"]?["deletionTimestamp"] is not null)
        {
            return (ObjectStatus.Terminating, "Resource scheduled for deletion");
        }

        var group = Text(item, "apiVersion") is var version && version.Contains('/', StringComparison.Ordinal) ? version.Split('/')[0] : "";
        return Generation(item) ?? Common(item) ?? (group, Text(item, "kind")) switch
        {
            ("apps", "Deployment") => Deployment(item),
            ("apps", "ReplicaSet") => ReplicaSet(item),
            ("apps", "StatefulSet") => StatefulSet(item),
            ("apps", "DaemonSet") => DaemonSet(item),
            ("", "Pod") => Pod(item, now),
            ("", "PersistentVolumeClaim") => Text(item, "status.phase") == "Bound" ? (ObjectStatus.Current, "PVC is Bound") : (ObjectStatus.InProgress, $"PVC is not Bound. phase: {Text(item, "status.phase")}"),
            ("", "Service") => Service(item),
            ("policy", "PodDisruptionBudget") => Budget(item),
            ("batch", "Job") => Job(item),
            ("apiextensions.k8s.io", "CustomResourceDefinition") => Definition(item),
            _ => Ready(item) ?? (ObjectStatus.Current, "Resource is current"),
        };
    }

    private static (ObjectStatus, string)? Generation(JsonObject item) =>
        Find(item, "status.observedGeneration") is not null && Number(item, "status.observedGeneration") != Number(item, "metadata.generation")
            ? (ObjectStatus.InProgress, $"{Text(item, "kind")} generation is {Number(item, "metadata.generation")}, but latest observed generation is {Number(item, "status.observedGeneration")}")
            : null;

    private static (ObjectStatus, string)? Common(JsonObject item) =>
        Condition(item, "Reconciling") is { Status: "True" } reconciling ? (ObjectStatus.InProgress, reconciling.Message)
        : Condition(item, "Stalled") is { Status: "True" } stalled ? (ObjectStatus.Failed, stalled.Message)
        : null;

    // Custom kinds that have a Ready condition: not ready is on its way, since only Stalled says that nothing will come.
    private static (ObjectStatus, string)? Ready(JsonObject item) => Condition(item, "Ready") switch
    {
        { Status: "True" } ready => (ObjectStatus.Current, ready.Message),
        { } ready => (ObjectStatus.InProgress, ready.Message),
        null => null,
    };

    private static (ObjectStatus, string) Deployment(JsonObject item)
    {
        if (Condition(item, "Progressing") is { Reason: "ProgressDeadlineExceeded" })
        {
            return (ObjectStatus.Failed, "Progress deadline exceeded");
        }

        if (Condition(item, "ReplicaFailure") is { Status: "True" } failure)
        {
            return (ObjectStatus.InProgress, failure.Message);
        }

        var wanted = Number(item, "spec.replicas", 1);
        var (replicas, updated, ready, available) = (Number(item, "status.replicas"), Number(item, "status.updatedReplicas"), Number(item, "status.readyReplicas"), Number(item, "status.availableReplicas"));
        return replicas < wanted ? Behind("replicas", replicas, wanted)
            : updated < wanted ? Behind("Updated", updated, wanted)
            : replicas > wanted ? (ObjectStatus.InProgress, $"Pending termination: {replicas - wanted}")
            : available < updated ? Behind("Available", available, updated)
            : ready < wanted ? Behind("Ready", ready, wanted)
            : Condition(item, "Available") is not { Status: "True" } ? (ObjectStatus.InProgress, "Deployment not Available")
            : (ObjectStatus.Current, $"Deployment is available. Replicas: {replicas}");
    }

    private static (ObjectStatus, string) ReplicaSet(JsonObject item)
    {
        if (Condition(item, "ReplicaFailure") is { Status: "True" })
        {
            return (ObjectStatus.InProgress, "Replica Failure condition. Check Pods");
        }

        var wanted = Number(item, "spec.replicas", 1);
        var (labelled, available, ready) = (Number(item, "status.fullyLabeledReplicas"), Number(item, "status.availableReplicas"), Number(item, "status.readyReplicas"));
        return labelled < wanted ? Behind("Labelled", labelled, wanted)
            : available < wanted ? Behind("Available", available, wanted)
            : ready < wanted ? Behind("Ready", ready, wanted)
            : Number(item, "status.replicas") > wanted ? (ObjectStatus.InProgress, "Extra pods")
            : (ObjectStatus.Current, $"ReplicaSet is available. Replicas: {wanted}");
    }

    private static (ObjectStatus, string) StatefulSet(JsonObject item)
    {
        if (Text(item, "spec.updateStrategy.type") == "OnDelete")
        {
            return (ObjectStatus.Current, "StatefulSet is using the ondelete update strategy");
        }

        var wanted = Number(item, "spec.replicas", 1);
        var (replicas, ready, current, updated) = (Number(item, "status.replicas"), Number(item, "status.readyReplicas"), Number(item, "status.currentReplicas"), Number(item, "status.updatedReplicas"));
        if (replicas < wanted)
        {
            return Behind("Replicas", replicas, wanted);
        }

        if (ready < wanted)
        {
            return Behind("Ready", ready, wanted);
        }

        if (replicas > wanted)
        {
            return (ObjectStatus.InProgress, $"Pending termination: {replicas - wanted}");
        }

        if (Find(item, "spec.updateStrategy.rollingUpdate.partition") is not null && Number(item, "spec.updateStrategy.rollingUpdate.partition") is > 0 and var partition)
        {
            return updated < wanted - partition ? Behind("updated", updated, wanted - partition) : (ObjectStatus.Current, $"Partition rollout complete. updated: {updated}");
        }

        return current < wanted && Text(item, "status.currentRevision") == Text(item, "status.updateRevision") ? Behind("current", current, wanted)
            : Text(item, "status.currentRevision") != Text(item, "status.updateRevision") ? (ObjectStatus.InProgress, "Waiting for updated revision to match current")
            : (ObjectStatus.Current, $"All replicas scheduled as expected. Replicas: {replicas}");
    }

    private static (ObjectStatus, string) DaemonSet(JsonObject item)
    {
        if (Find(item, "status.observedGeneration") is null)
        {
            return (ObjectStatus.InProgress, "Missing .status.observedGeneration");
        }

        var wanted = Number(item, "status.desiredNumberScheduled");
        var (current, updated, available, ready) = (Number(item, "status.currentNumberScheduled"), Number(item, "status.updatedNumberScheduled"), Number(item, "status.numberAvailable"), Number(item, "status.numberReady"));
        return current < wanted ? Behind("Current", current, wanted)
            : updated < wanted ? Behind("Updated", updated, wanted)
            : available < wanted ? Behind("Available", available, wanted)
            : ready < wanted ? Behind("Ready", ready, wanted)
            : (ObjectStatus.Current, $"All replicas scheduled as expected. Replicas: {wanted}");
    }

    private static (ObjectStatus, string) Pod(JsonObject item, DateTimeOffset now)
    {
        switch (Text(item, "status.phase"))
        {
            case "Succeeded":
                return (ObjectStatus.Current, "Pod has completed successfully");
            case "Failed":
                return (ObjectStatus.Failed, "Pod has completed, but not successfully");
            case "Running":
                return Condition(item, "Ready") is { Status: "True" }
                    ? (ObjectStatus.Current, "Pod is Ready")
                    : Waiting(item) is { Length: > 0 } crashing ? (ObjectStatus.Failed, $"Containers in CrashLoop state: {crashing}") : (ObjectStatus.InProgress, "Pod is running but is not Ready");
            default:
                if (Condition(item, "PodScheduled") is not { Status: "False", Reason: "Unschedulable" } scheduled)
                {
                    return (ObjectStatus.InProgress, "Pod is in the Pending phase");
                }

                return DateTimeOffset.TryParse(scheduled.Since, CultureInfo.InvariantCulture, out var since) && now - since < ScheduleWindow
                    ? (ObjectStatus.InProgress, "Pod has not been scheduled")
                    : (ObjectStatus.Failed, "Pod could not be scheduled");
        }
    }

    private static string Waiting(JsonObject pod) => string.Join(',', (Find(pod, "status.containerStatuses") as JsonArray ?? []).OfType<JsonObject>()
        .Where(container => Text(container, "state.waiting.reason") == "CrashLoopBackOff").Select(container => Text(container, "name")));

    private static (ObjectStatus, string) Service(JsonObject item) => Text(item, "spec.type") == "LoadBalancer" && Text(item, "spec.clusterIP").Length == 0
        ? (ObjectStatus.InProgress, "ClusterIP not set. Service type: LoadBalancer")
        : (ObjectStatus.Current, "Service is ready");

    private static (ObjectStatus, string) Budget(JsonObject item) => Number(item, "status.currentHealthy") < Number(item, "status.desiredHealthy")
        ? (ObjectStatus.InProgress, $"Budget not met. healthy replicas: {Number(item, "status.currentHealthy")}/{Number(item, "status.desiredHealthy")}")
        : (ObjectStatus.Current, "PodDisruptionBudget is current");

    private static (ObjectStatus, string) Job(JsonObject item) =>
        Condition(item, "Complete") is { Status: "True" } ? (ObjectStatus.Current, $"Job Completed. succeeded: {Number(item, "status.succeeded")}/{Number(item, "spec.completions", 1)}")
        : Condition(item, "Failed") is { Status: "True" } failed ? (ObjectStatus.Failed, $"Job Failed. failed: {Number(item, "status.failed")}/{Number(item, "spec.completions", 1)}. {failed.Message}".TrimEnd())
        : Text(item, "status.startTime").Length == 0 ? (ObjectStatus.InProgress, "Job not started")
        : (ObjectStatus.Current, "Job in progress");

    private static (ObjectStatus, string) Definition(JsonObject item) =>
        Condition(item, "NamesAccepted") is { Status: "False" } names ? (ObjectStatus.Failed, names.Message)
        : Condition(item, "Established") is { Status: "True" } ? (ObjectStatus.Current, "CRD is established")
        : Condition(item, "Established") is { Status: "False", Reason: not "Installing" } failed ? (ObjectStatus.Failed, failed.Message)
        : (ObjectStatus.InProgress, "Install in progress");

    private static (ObjectStatus, string) Behind(string what, long have, long wanted) => (ObjectStatus.InProgress, $"{what}: {have}/{wanted}");

    private static (string Status, string Reason, string Message, string Since)? Condition(JsonObject item, string type) =>
        (Find(item, "status.conditions") as JsonArray ?? []).OfType<JsonObject>().FirstOrDefault(condition => Text(condition, "type") == type) is { } found
            ? (Text(found, "status"), Text(found, "reason"), Text(found, "message"), Text(found, "lastTransitionTime"))
            : null;

    private static JsonNode? Find(JsonObject item, string path)
    {
        JsonNode? node = item;
        foreach (var step in path.Split('.'))
        {
            node = (node as JsonObject)?[step];
        }

        return node;
    }

    private static string Text(JsonObject item, string path) => Find(item, path) is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    private static long Number(JsonObject item, string path, long absent = 0) => Find(item, path) is JsonValue value
        ? value.TryGetValue<long>(out var number) ? number : value.TryGetValue<int>(out var small) ? small : value.TryGetValue<double>(out var real) ? (long)real : absent
        : absent;
}
