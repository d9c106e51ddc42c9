using System.Text.Json.Nodes;
using static HomelabOps.Sandbox.Api.Tables.Cells;
using static HomelabOps.Sandbox.Api.Tables.TableViews;

namespace HomelabOps.Sandbox.Api.Tables;

/// <summary>Tables of core kinds.</summary>
internal static class CoreViews
{
    private const string RolePrefix = "node-role.kubernetes.io/";

    public static IEnumerable<KeyValuePair<string, TableView>> All { get; } = new Dictionary<string, TableView>(StringComparer.Ordinal)
    {
        ["pods"] = PodView.View,
        ["configmaps"] = new([Name, new("Data", "integer"), Age], static (item, clock) => [NameOf(item), Count(item, "data") + Count(item, "binaryData"), clock.Age(item)]),
        ["secrets"] = new([Name, new("Type"), new("Data", "integer"), Age], static (item, clock) => [NameOf(item), Text(item, "type"), Count(item, "data"), clock.Age(item)]),
        ["namespaces"] = new([Name, new("Status"), Age], static (item, clock) => [NameOf(item), Text(item, "status.phase"), clock.Age(item)]),
        ["serviceaccounts"] = new([Name, new("Secrets", "integer"), Age], static (item, clock) => [NameOf(item), Count(item, "secrets"), clock.Age(item)]),
        ["nodes"] = new(
            [Name, new("Status"), new("Roles"), Age, new("Version"), new("Internal-IP", Priority: 1), new("External-IP", Priority: 1), new("OS-Image", Priority: 1), new("Kernel-Version", Priority: 1), new("Container-Runtime", Priority: 1)],
            static (item, clock) =>
            [
                NameOf(item), NodeStatus(item), Roles(item), clock.Age(item), Text(item, "status.nodeInfo.kubeletVersion"), Address(item, "InternalIP"), Address(item, "ExternalIP"),
                Text(item, "status.nodeInfo.osImage", TableClock.Unknown), Text(item, "status.nodeInfo.kernelVersion", TableClock.Unknown), Text(item, "status.nodeInfo.containerRuntimeVersion", TableClock.Unknown),
            ]),
        ["persistentvolumes"] = new(
            [Name, new("Capacity"), new("Access Modes"), new("Reclaim Policy"), new("Status"), new("Claim"), new("StorageClass"), new("VolumeAttributesClass"), new("Reason"), Age, new("VolumeMode", Priority: 1)],
            static (item, clock) =>
            [
                NameOf(item), Text(item, "spec.capacity.storage"), AccessModes(item, "spec.accessModes"), Text(item, "spec.persistentVolumeReclaimPolicy"), Phase(item),
                At(item, "spec.claimRef") is { } claim ? $"{Text(claim, "namespace")}/{Text(claim, "name")}" : "", Text(item, "spec.storageClassName"), Text(item, "spec.volumeAttributesClassName", "<unset>"), Text(item, "status.reason"), clock.Age(item),
                Text(item, "spec.volumeMode", "<unset>"),
            ]),
        ["persistentvolumeclaims"] = new(
            [Name, new("Status"), new("Volume"), new("Capacity"), new("Access Modes"), new("StorageClass"), new("VolumeAttributesClass"), Age, new("VolumeMode", Priority: 1)],
            static (item, clock) =>
            {
                var bound = Text(item, "spec.volumeName").Length > 0;
                return
                [
                    NameOf(item), Phase(item), Text(item, "spec.volumeName"), bound ? Text(item, "status.capacity.storage") : "", bound ? AccessModes(item, "status.accessModes") : "",
                    Text(item, "spec.storageClassName"), Text(item, "spec.volumeAttributesClassName", "<unset>"), clock.Age(item), Text(item, "spec.volumeMode", "<unset>"),
                ];
            }),
        ["endpoints"] = new([Name, new("Endpoints"), Age], static (item, clock) => [NameOf(item), Endpoints(item), clock.Age(item)]),
        ["events"] = new(
            [new("Last Seen"), new("Type"), new("Reason"), new("Object"), new("Subobject", Priority: 1), new("Source", Priority: 1), new("Message"), new("First Seen", Priority: 1), new("Count", "integer", 1), new("Name", Priority: 1, Format: "name")],
            static (item, clock) => Event(item, clock)),
        ["resourcequotas"] = new([Name, Age, new("Request"), new("Limit")], static (item, clock) => [NameOf(item), clock.Age(item), Quota(item, limits: false), Quota(item, limits: true)]),
        ["componentstatuses"] = new([Name, new("Status"), new("Message"), new("Error")], static (item, _) =>
        {
            var condition = Items(item, "conditions").FirstOrDefault();
            return [NameOf(item), Text(condition, "status") == "True" ? "Healthy" : "Unhealthy", Text(condition, "message"), Text(condition, "error")];
        }),
        ["replicationcontrollers"] = new(
            [Name, new("Desired", "integer"), new("Current", "integer"), new("Ready", "integer"), Age, new("Containers", Priority: 1), new("Images", Priority: 1), new("Selector", Priority: 1)],
            static (item, clock) => [NameOf(item), Number(item, "spec.replicas"), Number(item, "status.replicas"), Number(item, "status.readyReplicas"), clock.Age(item), Containers(item, "name"), Containers(item, "image"), Labels(item["spec"]?["selector"])]),
    };

    private static string Phase(JsonObject item) => item["metadata"]?["deletionTimestamp"] is not null ? "Terminating" : Text(item, "status.phase");

    private static string NodeStatus(JsonObject item)
    {
        var ready = Items(item, "status.conditions").FirstOrDefault(condition => Text(condition, "type") == "Ready");
        var status = ready is null ? "Unknown" : Text(ready, "status") == "True" ? "Ready" : "NotReady";
        return item["spec"]?["unschedulable"] is JsonValue cordoned && (bool)cordoned ? status + ",SchedulingDisabled" : status;
    }

    private static string Roles(JsonObject item) => Join((item["metadata"]?["labels"] as JsonObject ?? [])
        .Select(label => label.Key.StartsWith(RolePrefix, StringComparison.Ordinal) ? label.Key[RolePrefix.Length..] : label.Key == "kubernetes.io/role" ? (string?)label.Value ?? "" : "")
        .Where(role => role.Length > 0).Order(StringComparer.Ordinal));

    private static string Address(JsonObject item, string type) =>
        Items(item, "status.addresses").Where(address => Text(address, "type") == type).Select(address => Text(address, "address")).FirstOrDefault() ?? None;

    private static string Endpoints(JsonObject item)
    {
        var all = Items(item, "subsets").SelectMany(subset => Items(subset, "addresses").SelectMany(address => Items(subset, "ports").Select(port => $"{Text(address, "ip")}:{Text(port, "port")}"))).ToArray();
        return all.Length > 3 ? $"{string.Join(',', all[..3])} + {all.Length - 3} more..." : Join(all);
    }

    private static object?[] Event(JsonObject item, TableClock clock)
    {
        var series = item["series"] as JsonObject;
        var first = item["firstTimestamp"] is null ? clock.Since(item["eventTime"]) : clock.Since(item["firstTimestamp"]);
        var last = series is not null ? clock.Since(series["lastObservedTime"]) : item["lastTimestamp"] is null ? first : clock.Since(item["lastTimestamp"]);
        var count = series is not null ? Number(series, "count") : Math.Max(1, Number(item, "count"));
        return
        [
            last, Text(item, "type"), Text(item, "reason"), $"{Text(item, "involvedObject.kind").ToLowerInvariant()}/{Text(item, "involvedObject.name")}", Text(item, "involvedObject.fieldPath"),
            Text(item, "source.component", Text(item, "reportingComponent")) + (Text(item, "source.host", Text(item, "reportingInstance")) is { Length: > 0 } host ? ", " + host : ""), Text(item, "message").Trim(), first, count, NameOf(item),
        ];
    }

    private static string Quota(JsonObject item, bool limits) => string.Join(", ", (item["status"]?["hard"] as JsonObject ?? [])
        .Where(entry => entry.Key.StartsWith("limits.", StringComparison.Ordinal) == limits)
        .OrderBy(entry => entry.Key, StringComparer.Ordinal)
        .Select(entry => $"{entry.Key}: {item["status"]?["used"]?[entry.Key]}/{entry.Value}"));
}
