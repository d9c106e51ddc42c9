using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Objects;
using static HomelabOps.Sandbox.Api.Tables.Cells;
using static HomelabOps.Sandbox.Api.Tables.TableViews;

namespace HomelabOps.Sandbox.Api.Tables;

/// <summary>Tables of workloads and jobs.</summary>
internal static class WorkloadViews
{
    private static readonly TableColumn[] Template = [new("Containers", Priority: 1), new("Images", Priority: 1), new("Selector", Priority: 1)];

    public static IEnumerable<KeyValuePair<string, TableView>> All { get; } = new Dictionary<string, TableView>(StringComparer.Ordinal)
    {
        ["deployments.apps"] = new(
            [Name, new("Ready"), new("Up-to-date", "integer"), new("Available", "integer"), Age, .. Template],
            static (item, clock) => [NameOf(item), Ready(item), Number(item, "status.updatedReplicas"), Number(item, "status.availableReplicas"), clock.Age(item), Containers(item, "name"), Containers(item, "image"), Selector(item["spec"]?["selector"])]),
        ["replicasets.apps"] = new(
            [Name, new("Desired", "integer"), new("Current", "integer"), new("Ready", "integer"), Age, .. Template],
            static (item, clock) => [NameOf(item), Number(item, "spec.replicas"), Number(item, "status.replicas"), Number(item, "status.readyReplicas"), clock.Age(item), Containers(item, "name"), Containers(item, "image"), Selector(item["spec"]?["selector"])]),
        ["statefulsets.apps"] = new(
            [Name, new("Ready"), Age, Template[0], Template[1]],
            static (item, clock) => [NameOf(item), Ready(item), clock.Age(item), Containers(item, "name"), Containers(item, "image")]),
        ["daemonsets.apps"] = new(
            [Name, new("Desired", "integer"), new("Current", "integer"), new("Ready", "integer"), new("Up-to-date", "integer"), new("Available", "integer"), new("Node Selector"), Age, .. Template],
            static (item, clock) =>
            [
                NameOf(item), Number(item, "status.desiredNumberScheduled"), Number(item, "status.currentNumberScheduled"), Number(item, "status.numberReady"), Number(item, "status.updatedNumberScheduled"),
                Number(item, "status.numberAvailable"), Labels(At(item, "spec.template.spec.nodeSelector")), clock.Age(item), Containers(item, "name"), Containers(item, "image"), Selector(item["spec"]?["selector"]),
            ]),
        ["controllerrevisions.apps"] = new(
            [Name, new("Controller"), new("Revision", "integer"), Age],
            static (item, clock) =>
            {
                var owner = Items(item, "metadata.ownerReferences").FirstOrDefault(reference => (bool?)reference["controller"] == true);
                return [NameOf(item), owner is null ? None : $"{Text(owner, "kind").ToLowerInvariant()}.{Text(owner, "apiVersion").Split('/')[0]}/{Text(owner, "name")}", Number(item, "revision"), clock.Age(item)];
            }),
        ["jobs.batch"] = new(
            [Name, new("Status"), new("Completions"), new("Duration"), Age, .. Template],
            static (item, clock) => [NameOf(item), JobStatus(item), Completions(item), Duration(item, clock), clock.Age(item), Containers(item, "name"), Containers(item, "image"), Selector(item["spec"]?["selector"])]),
        ["cronjobs.batch"] = new(
            [Name, new("Schedule"), new("Timezone"), new("Suspend", "boolean"), new("Active", "integer"), new("Last Schedule"), Age, .. Template],
            static (item, clock) =>
            [
                NameOf(item), Text(item, "spec.schedule"), Text(item, "spec.timeZone", None), Text(item, "spec.suspend", "False") is "true" ? "True" : "False", Count(item, "status.active"),
                item["status"]?["lastScheduleTime"] is { } last ? clock.Since(last) : None, clock.Age(item), Containers(item, "name", "spec.jobTemplate.spec.template.spec.containers"),
                Containers(item, "image", "spec.jobTemplate.spec.template.spec.containers"), Selector(At(item, "spec.jobTemplate.spec.selector")),
            ]),
        ["horizontalpodautoscalers.autoscaling"] = new(
            [Name, new("Reference"), new("Targets"), new("MinPods"), new("MaxPods"), new("Replicas", "integer"), Age],
            static (item, clock) => [NameOf(item), $"{Text(item, "spec.scaleTargetRef.kind")}/{Text(item, "spec.scaleTargetRef.name")}", Targets(item), Text(item, "spec.minReplicas", "<unset>"), Text(item, "spec.maxReplicas"), Number(item, "status.currentReplicas"), clock.Age(item)]),
    };

    private static string Ready(JsonObject item) => Invariant($"{Number(item, "status.readyReplicas")}/{Number(item, "spec.replicas")}");

    private static string JobStatus(JsonObject item)
    {
        var holding = Items(item, "status.conditions").Where(condition => Text(condition, "status") == "True").Select(condition => Text(condition, "type")).ToHashSet(StringComparer.Ordinal);
        return holding.Contains("Complete") ? "Complete" : holding.Contains("Failed") ? "Failed" : item["metadata"]?["deletionTimestamp"] is not null ? "Terminating"
            : holding.Contains("Suspended") ? "Suspended" : holding.Contains("FailureTarget") ? "FailureTarget" : "Running";
    }

    private static string Completions(JsonObject item)
    {
        var succeeded = Number(item, "status.succeeded");
        if (At(item, "spec.completions") is not null)
        {
            return Invariant($"{succeeded}/{Number(item, "spec.completions")}");
        }

        var parallel = Number(item, "spec.parallelism");
        return parallel > 1 ? Invariant($"{succeeded}/1 of {parallel}") : Invariant($"{succeeded}/1");
    }

    private static string Duration(JsonObject item, TableClock clock) => Timestamps.Parse(Text(item, "status.startTime")) is not { } start ? ""
        : Timestamps.Parse(Text(item, "status.completionTime")) is { } end ? TableClock.Short(end - start) : clock.Since(item["status"]?["startTime"]);

    private static string Targets(JsonObject item)
    {
        var current = Items(item, "status.currentMetrics").ToArray();
        return Join(Items(item, "spec.metrics").Select(metric =>
        {
            var name = Text(metric, "resource.name");
            var now = current.FirstOrDefault(measured => Text(measured, "resource.name") == name);
            return Text(metric, "resource.target.averageUtilization") is { Length: > 0 } percent
                ? $"{name}: {(Text(now, "resource.current.averageUtilization") is { Length: > 0 } used ? used + "%" : TableClock.Unknown)}/{percent}%"
                : $"{(name.Length == 0 ? Text(metric, "type").ToLowerInvariant() : name)}: {TableClock.Unknown}";
        }));
    }
}
