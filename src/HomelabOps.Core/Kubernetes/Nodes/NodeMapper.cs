using HomelabOps.Core.Kubernetes.Wire;

namespace HomelabOps.Core.Kubernetes.Nodes;

/// <summary>Makes records of nodes.</summary>
internal static class NodeMapper
{
    private const string RolePrefix = "node-role.kubernetes.io/";

    public static HomelabNode Map(NodeWire node, string cluster, (long Free, long Total)? disk)
    {
        var ready = node.Status?.Conditions?.Find(condition => condition.Type == "Ready");
        var info = node.Status?.NodeInfo;
        var suspension = NodeCordon.SuspensionOf(node);

        // That it is cordoned says less than why it is not ready.
        var told = suspension is null || ready?.Status != "True" ? (Reason: ready?.Reason ?? "", Message: ready?.Message ?? "") : (Reason: "Cordoned", Message: Cordoned(suspension));
        return new HomelabNode
        {
            Cluster = cluster,
            Kind = "Node",
            Name = node.Metadata.Name,
            Ready = ready?.Status == "True",
            Reason = told.Reason,
            Message = told.Message,
            Roles = Roles(node.Metadata),
            Labels = WireMapping.Labels(node.Metadata),
            Taints = node.Spec?.Taints is { } taints ? taints.ConvertAll(taint => new HomelabTaint(taint.Key, taint.Value ?? "", taint.Effect)) : [],
            Version = info?.KubeletVersion ?? "",
            InternalIP = node.Status?.Addresses?.Find(address => address.Type == "InternalIP")?.Address,
            OperatingSystem = info?.OsImage ?? "",
            KernelVersion = info?.KernelVersion ?? "",
            Architecture = info?.Architecture ?? "",
            ContainerRuntime = info?.ContainerRuntimeVersion ?? "",
            Pressure = Pressure(node.Status?.Conditions),
            Schedulable = suspension is null,
            Suspension = suspension,
            Allocatable = Resources(node.Status?.Allocatable),
            DiskFree = disk?.Free,
            DiskTotal = disk?.Total,
            LastHeartbeat = WireMapping.Local(ready?.LastHeartbeatTime),
            Age = WireMapping.Age(node.Metadata.CreationTimestamp),
            Conditions = WireMapping.Conditions(node.Status?.Conditions),
        };
    }

    public static HomelabNodeResources Resources(Dictionary<string, string>? quantities) => quantities is null ? new() : new()
    {
        Cpu = Quantity.Parse(quantities.GetValueOrDefault("cpu")) ?? 0,
        Memory = Quantity.Whole(quantities.GetValueOrDefault("memory")),
        EphemeralStorage = Quantity.Whole(quantities.GetValueOrDefault("ephemeral-storage")),
        Pods = (int)Quantity.Whole(quantities.GetValueOrDefault("pods")),
    };

    private static string Cordoned(FluxSuspension suspension) =>
        suspension.ToString() is { Length: > 0 } known ? Errors.Text("Detail_NodeCordonedBy", known) : Errors.Text("Detail_NodeCordoned");

    private static List<string> Roles(MetadataWire metadata) =>
        [.. (metadata.Labels ?? []).Select(label => label.Key switch
            {
                _ when label.Key.StartsWith(RolePrefix, StringComparison.Ordinal) => label.Key[RolePrefix.Length..],
                "kubernetes.io/role" => label.Value,
                _ => "",
            })
            .Where(role => role.Length > 0).Distinct().Order(StringComparer.Ordinal)];

    // The other conditions are good when they are False; a condition nobody knows is not trouble by itself.
    private static List<string> Pressure(List<ConditionWire>? conditions) =>
        [.. (conditions ?? [])
            .Where(condition => condition.Type is "MemoryPressure" or "DiskPressure" or "PIDPressure" or "NetworkUnavailable")
            .Where(condition => condition.Status == "True")
            .Select(condition => condition.Type)];
}
