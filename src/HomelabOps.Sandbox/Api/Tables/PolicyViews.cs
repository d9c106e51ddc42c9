using System.Text.Json.Nodes;
using static HomelabOps.Sandbox.Api.Tables.Cells;
using static HomelabOps.Sandbox.Api.Tables.TableViews;

namespace HomelabOps.Sandbox.Api.Tables;

/// <summary>Tables of policies, storage, rights and the rest.</summary>
internal static class PolicyViews
{
    private const string DefaultClass = "storageclass.kubernetes.io/is-default-class";

    public static IEnumerable<KeyValuePair<string, TableView>> All { get; } = new Dictionary<string, TableView>(StringComparer.Ordinal)
    {
        ["poddisruptionbudgets.policy"] = new(
            [Name, new("Min Available"), new("Max Unavailable"), new("Allowed Disruptions", "integer"), Age],
            static (item, clock) => [NameOf(item), Text(item, "spec.minAvailable", "N/A"), Text(item, "spec.maxUnavailable", "N/A"), Number(item, "status.disruptionsAllowed"), clock.Age(item)]),
        ["storageclasses.storage.k8s.io"] = new(
            [Name, new("Provisioner"), new("ReclaimPolicy"), new("VolumeBindingMode"), new("AllowVolumeExpansion"), Age],
            static (item, clock) =>
            [
                item["metadata"]?["annotations"]?[DefaultClass] is JsonValue flag && (string?)flag == "true" ? NameOf(item) + " (default)" : NameOf(item), Text(item, "provisioner"), Text(item, "reclaimPolicy"),
                Text(item, "volumeBindingMode"), Text(item, "allowVolumeExpansion", "false"), clock.Age(item),
            ]),
        ["leases.coordination.k8s.io"] = new([Name, new("Holder"), Age], static (item, clock) => [NameOf(item), Text(item, "spec.holderIdentity"), clock.Age(item)]),
        ["priorityclasses.scheduling.k8s.io"] = new(
            [Name, new("Value", "integer"), new("Global-Default", "boolean"), Age, new("PreemptionPolicy", Priority: 1)],
            static (item, clock) => [NameOf(item), Number(item, "value"), Text(item, "globalDefault", "false"), clock.Age(item), Text(item, "preemptionPolicy")]),
        ["roles.rbac.authorization.k8s.io"] = new([Name, new("Created At", "date")], static (item, _) => [NameOf(item), Text(item, "metadata.creationTimestamp")]),
        ["clusterroles.rbac.authorization.k8s.io"] = new([Name, new("Created At", "date")], static (item, _) => [NameOf(item), Text(item, "metadata.creationTimestamp")]),
        ["rolebindings.rbac.authorization.k8s.io"] = Binding,
        ["clusterrolebindings.rbac.authorization.k8s.io"] = Binding,
        ["customresourcedefinitions.apiextensions.k8s.io"] = new([Name, new("Created At", "date")], static (item, _) => [NameOf(item), Text(item, "metadata.creationTimestamp")]),
        ["apiservices.apiregistration.k8s.io"] = new(
            [Name, new("Service"), new("Available"), Age],
            static (item, clock) => [NameOf(item), At(item, "spec.service") is { } service ? $"{Text(service, "namespace")}/{Text(service, "name")}" : "Local", Items(item, "status.conditions").Where(condition => Text(condition, "type") == "Available").Select(condition => Text(condition, "status")).FirstOrDefault() ?? "Unknown", clock.Age(item)]),
        ["volumeattachments.storage.k8s.io"] = new(
            [Name, new("Attacher"), new("PV"), new("Node"), new("Attached", "boolean"), Age],
            static (item, clock) => [NameOf(item), Text(item, "spec.attacher"), Text(item, "spec.source.persistentVolumeName"), Text(item, "spec.nodeName"), Text(item, "status.attached", "false"), clock.Age(item)]),
        ["csinodes.storage.k8s.io"] = new([Name, new("Drivers", "integer"), Age], static (item, clock) => [NameOf(item), Count(item, "spec.drivers"), clock.Age(item)]),
        ["runtimeclasses.node.k8s.io"] = new([Name, new("Handler"), Age], static (item, clock) => [NameOf(item), Text(item, "handler"), clock.Age(item)]),
        ["certificatesigningrequests.certificates.k8s.io"] = new(
            [Name, Age, new("SignerName"), new("Requestor"), new("RequestedDuration"), new("Condition")],
            static (item, clock) => [NameOf(item), clock.Age(item), Text(item, "spec.signerName"), Text(item, "spec.username"), Text(item, "spec.expirationSeconds", None), Join(Items(item, "status.conditions").Select(condition => Text(condition, "type")), "Pending")]),
    };

    private static TableView Binding => new(
        [Name, new("Role"), Age, new("Users", Priority: 1), new("Groups", Priority: 1), new("ServiceAccounts", Priority: 1)],
        static (item, clock) => [NameOf(item), $"{Text(item, "roleRef.kind")}/{Text(item, "roleRef.name")}", clock.Age(item), Subjects(item, "User"), Subjects(item, "Group"), Subjects(item, "ServiceAccount")]);

    private static string Subjects(JsonObject item, string kind) => string.Join(", ", Items(item, "subjects").Where(subject => Text(subject, "kind") == kind)
        .Select(subject => kind == "ServiceAccount" ? $"{Text(subject, "namespace")}/{Text(subject, "name")}" : Text(subject, "name")));
}
