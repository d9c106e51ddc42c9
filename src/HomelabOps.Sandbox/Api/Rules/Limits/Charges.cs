using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Kinds;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Api.Rules.Limits;

/// <summary>What an object takes of a quota, by the names that quotas give it.</summary>
internal static class Charges
{
    private const string ClassSuffix = ".storageclass.storage.k8s.io/";
    private static readonly string[] Counted = ["configmaps", "persistentvolumeclaims", "replicationcontrollers", "resourcequotas", "secrets", "services"];

    public static Dictionary<string, Amount> Of(ResourceKind kind, JsonObject item)
    {
        var charges = new Dictionary<string, Amount>(StringComparer.Ordinal) { [$"count/{kind.Resource}"] = new(1) };
        if (Counted.Contains(kind.Resource, StringComparer.Ordinal))
        {
            charges[kind.Resource] = new(1);
        }

        switch (kind.Resource)
        {
            case "pods" when Text(item, "status.phase") is not ("Succeeded" or "Failed"):
                charges["pods"] = new(1);
                Pod(item, charges);
                break;
            case "services":
                var ports = Text(item, "spec.type") is "NodePort" || (Text(item, "spec.type") == "LoadBalancer" && Text(item, "spec.allocateLoadBalancerNodePorts", "true") == "true") ? Count(item, "spec.ports") : 0;
                charges["services.nodeports"] = new(ports);
                charges["services.loadbalancers"] = new(Text(item, "spec.type") == "LoadBalancer" ? 1 : 0);
                break;
            case "persistentvolumeclaims":
                var storage = Amount.Read(At(item, "spec.resources.requests")?["storage"]);
                charges["requests.storage"] = storage;
                if (Text(item, "spec.storageClassName") is { Length: > 0 } name)
                {
                    charges[$"{name}{ClassSuffix}requests.storage"] = storage;
                    charges[$"{name}{ClassSuffix}persistentvolumeclaims"] = new(1);
                }

                break;
        }

        return charges;
    }

    /// <summary>The resource whose objects are counted under a name.</summary>
    public static string ResourceOf(string name) => name switch
    {
        _ when name.StartsWith("count/", StringComparison.Ordinal) => name["count/".Length..],
        _ when Counted.Contains(name, StringComparer.Ordinal) => name,
        "services.nodeports" or "services.loadbalancers" => "services",
        _ when name == "requests.storage" || name.Contains(ClassSuffix, StringComparison.Ordinal) => "persistentvolumeclaims",
        _ => "pods",
    };

    /// <summary>What a container takes, by the names of quotas.</summary>
    public static Dictionary<string, Amount> OfContainer(JsonObject container)
    {
        var charges = new Dictionary<string, Amount>(StringComparer.Ordinal);
        foreach (var part in (ReadOnlySpan<string>)["requests", "limits"])
        {
            foreach (var (name, value) in At(container, $"resources.{part}") as JsonObject ?? [])
            {
                charges[$"{part}.{name}"] = Amount.Read(value);
                if (part == "requests" && name is "cpu" or "memory" or "ephemeral-storage")
                {
                    charges[name] = charges[$"requests.{name}"];
                }
            }
        }

        return charges;
    }

    // Init containers run one after the other, before all others do.
    private static void Pod(JsonObject pod, Dictionary<string, Amount> charges)
    {
        var sum = new Dictionary<string, Amount>(StringComparer.Ordinal);
        foreach (var (name, amount) in Items(pod, "spec.containers").SelectMany(OfContainer))
        {
            sum[name] = sum.GetValueOrDefault(name) + amount;
        }

        // A sidecar goes on beside those after it and beside all others.
        var (sidecars, most) = (new Dictionary<string, Amount>(StringComparer.Ordinal), new Dictionary<string, Amount>(StringComparer.Ordinal));
        foreach (var container in Items(pod, "spec.initContainers"))
        {
            var isSidecar = Text(container, "restartPolicy") == "Always";
            foreach (var (name, amount) in OfContainer(container))
            {
                var beside = sidecars.GetValueOrDefault(name) + amount;
                most[name] = Amount.Max(most.GetValueOrDefault(name), beside);
                if (isSidecar)
                {
                    sidecars[name] = beside;
                    sum[name] = sum.GetValueOrDefault(name) + amount;
                }
            }
        }

        foreach (var (name, amount) in most)
        {
            sum[name] = Amount.Max(sum.GetValueOrDefault(name), amount);
        }

        foreach (var (name, amount) in sum)
        {
            charges[name] = amount;
        }
    }
}
