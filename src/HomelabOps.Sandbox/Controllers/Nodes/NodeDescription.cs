using System.Globalization;
using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Api.Objects;
using HomelabOps.Sandbox.Controllers.Nodes.World;

namespace HomelabOps.Sandbox.Controllers.Nodes;

/// <summary>What a kubelet writes of its node.</summary>
internal static class NodeDescription
{
    private const int ListedImages = 50;

    // Sizes as the API writes them.
    private const long Kibi = 1024;

    /// <summary>The object that a node registers itself with.</summary>
    public static JsonObject Register(NodeState state, DateTimeOffset now)
    {
        var node = state.Node;
        var labels = new JsonObject
        {
            ["beta.kubernetes.io/arch"] = node.Architecture,
            ["beta.kubernetes.io/os"] = "linux",
            ["kubernetes.io/arch"] = node.Architecture,
            ["kubernetes.io/hostname"] = node.Name,
            ["kubernetes.io/os"] = "linux",
        };
        foreach (var (name, value) in node.Labels)
        {
            labels[name] = value;
        }

        var annotations = new JsonObject { ["volumes.kubernetes.io/controller-managed-attach-detach"] = "true" };
        foreach (var (name, value) in node.Annotations)
        {
            annotations[name] = value;
        }

        var spec = new JsonObject { ["podCIDR"] = node.PodCidr, ["podCIDRs"] = new JsonArray(node.PodCidr), ["providerID"] = "k3s://" + node.Name };
        if (node.Taints.Count > 0)
        {
            spec["taints"] = new JsonArray([.. node.Taints.Select(taint => taint.Value.Length == 0
                ? new JsonObject { ["key"] = taint.Key, ["effect"] = taint.Effect }
                : new JsonObject { ["key"] = taint.Key, ["value"] = taint.Value, ["effect"] = taint.Effect })]);
        }

        return new()
        {
            ["metadata"] = new JsonObject { ["name"] = node.Name, ["labels"] = labels, ["annotations"] = annotations },
            ["spec"] = spec,
            ["status"] = Status(state, null, now),
        };
    }

    /// <summary>The status of a node; times of transitions stay where nothing changed.</summary>
    public static JsonObject Status(NodeState state, JsonObject? present, DateTimeOffset now)
    {
        var node = state.Node;
        var capacity = new JsonObject
        {
            ["cpu"] = Text(node.Cpu),
            ["ephemeral-storage"] = $"{node.Disk / Kibi}Ki",
            ["hugepages-1Gi"] = "0",
            ["hugepages-2Mi"] = "0",
            ["memory"] = $"{node.Memory / Kibi}Ki",
            ["pods"] = Text(node.Pods),
        };
        var allocatable = capacity.DeepClone().AsObject();
        allocatable["ephemeral-storage"] = Text(node.Disk - (node.Disk / 20));
        var id = ImageReference.Hash(node.Name);
        return new()
        {
            ["addresses"] = new JsonArray(new JsonObject { ["address"] = node.Address, ["type"] = "InternalIP" }, new JsonObject { ["address"] = node.Name, ["type"] = "Hostname" }),
            ["allocatable"] = allocatable,
            ["capacity"] = capacity,
            ["conditions"] = Conditions(state, present, now),
            ["daemonEndpoints"] = new JsonObject { ["kubeletEndpoint"] = new JsonObject { ["Port"] = 10250 } },
            ["images"] = Images(state),
            ["nodeInfo"] = new JsonObject
            {
                ["architecture"] = node.Architecture,
                ["bootID"] = Uuid(ImageReference.Hash(Text(state.Boots) + node.Name)),
                ["containerRuntimeVersion"] = node.ContainerRuntime,
                ["kernelVersion"] = node.KernelVersion,
                ["kubeProxyVersion"] = node.KubeletVersion,
                ["kubeletVersion"] = node.KubeletVersion,
                ["machineID"] = id[..32],
                ["operatingSystem"] = "linux",
                ["osImage"] = node.OperatingSystemImage,
                ["systemUUID"] = Uuid(id),
            },
        };
    }

    /// <summary>Whether two states of a node differ in more than the time of their writing.</summary>
    public static bool IsSame(JsonObject status, JsonObject? present)
    {
        if (present is null)
        {
            return false;
        }

        var (one, other) = (status.DeepClone().AsObject(), new JsonObject());
        foreach (var (name, _) in status)
        {
            other[name] = present[name]?.DeepClone();
        }

        foreach (var condition in (one["conditions"] as JsonArray ?? []).Concat(other["conditions"] as JsonArray ?? []).OfType<JsonObject>())
        {
            condition.Remove("lastHeartbeatTime");
        }

        return JsonNode.DeepEquals(one, other);
    }

    private static JsonArray Conditions(NodeState state, JsonObject? present, DateTimeOffset now)
    {
        var known = (present?["conditions"] as JsonArray ?? []).OfType<JsonObject>().ToArray();
        var conditions = new JsonArray(
            Pressure(known, "MemoryPressure", state.HasMemoryPressure, "Memory", now),
            Pressure(known, "DiskPressure", state.HasDiskPressure, "Disk", now),
            Condition(known, "PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available", now),
            Condition(known, "Ready", "True", "KubeletReady", "kubelet is posting ready status", now));
        foreach (var other in known.Where(condition => !conditions.Any(own => (string?)own!["type"] == (string?)condition["type"])))
        {
            conditions.Add(other.DeepClone());
        }

        return conditions;
    }

    private static JsonObject Pressure(JsonObject[] known, string type, bool isOn, string what, DateTimeOffset now) => isOn
        ? Condition(known, type, "True", $"KubeletHas{(what == "Memory" ? "InsufficientMemory" : "DiskPressure")}", what == "Memory" ? "kubelet has insufficient memory available" : "kubelet has disk pressure", now)
        : Condition(known, type, "False", what == "Memory" ? "KubeletHasSufficientMemory" : "KubeletHasNoDiskPressure", what == "Memory" ? "kubelet has sufficient memory available" : "kubelet has no disk pressure", now);

    private static JsonObject Condition(JsonObject[] known, string type, string status, string reason, string message, DateTimeOffset now)
    {
        var before = Array.Find(known, condition => (string?)condition["type"] == type);
        return new()
        {
            ["type"] = type,
            ["status"] = status,
            ["lastHeartbeatTime"] = Timestamps.Format(now),
            ["lastTransitionTime"] = (string?)before?["status"] == status ? before["lastTransitionTime"]?.DeepClone() : Timestamps.Format(now),
            ["reason"] = reason,
            ["message"] = message,
        };
    }

    private static JsonArray Images(NodeState state) => new([.. state.Images
        .Select(ImageReference.Parse)
        .OfType<ImageReference>()
        .OrderByDescending(image => image.Size)
        .ThenBy(image => image.Full, StringComparer.Ordinal)
        .Take(ListedImages)
        .Select(image => new JsonObject { ["names"] = new JsonArray($"{image.Repository}@{image.ContentDigest}", image.Full), ["sizeBytes"] = image.Size })]);

    private static string Uuid(string hash) => $"{hash[..8]}-{hash[8..12]}-4{hash[13..16]}-a{hash[17..20]}-{hash[20..32]}";

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
