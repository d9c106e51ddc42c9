using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Store;

namespace HomelabOps.Sandbox.Api.Rules;

/// <summary>The defaults of a service.</summary>
internal static class ServiceDefaults
{
    /// <summary>What a service does not need any more goes, unless a client asks for it: ports of nodes, and addresses.</summary>
    public static void Drop(JsonObject spec, JsonObject old)
    {
        var (type, before) = ((string?)spec["type"], (string?)old["type"]);
        if (type == "ExternalName" && before != type && (string?)spec["clusterIP"] == (string?)old["clusterIP"])
        {
            spec.Remove("clusterIP");
            spec.Remove("clusterIPs");
        }

        if (before is "NodePort" or "LoadBalancer" && type is not ("NodePort" or "LoadBalancer") && Ports(spec).SetEquals(Ports(old)))
        {
            foreach (var (port, _) in PodValidation.Items(spec, "ports", ""))
            {
                port.Remove("nodePort");
            }
        }

        static HashSet<long> Ports(JsonObject spec) => [.. PodValidation.Items(spec, "ports", "").Select(item => Numbers.Whole(item.Item["nodePort"]) ?? 0)];
    }

    public static void Apply(JsonObject spec)
    {
        Defaults.Set(spec, "type", "ClusterIP");
        Defaults.Set(spec, "sessionAffinity", "None");
        var type = (string?)spec["type"];
        foreach (var port in (spec["ports"] as JsonArray ?? []).OfType<JsonObject>())
        {
            Defaults.Set(port, "protocol", "TCP");
            if (port["port"] is { } number && (port["targetPort"] is null || Numbers.Whole(port["targetPort"]) == 0 || port["targetPort"] is JsonValue value && value.TryGetValue<string>(out var name) && name.Length == 0))
            {
                port["targetPort"] = number.DeepClone();
            }
        }

        if (type == "ExternalName")
        {
            return;
        }

        Defaults.Set(spec, "internalTrafficPolicy", "Cluster");
        Defaults.Set(spec, "ipFamilyPolicy", "SingleStack");
        Defaults.Set(spec, "ipFamilies", new JsonArray("IPv4"));
        if (type is "LoadBalancer" or "NodePort")
        {
            Defaults.Set(spec, "externalTrafficPolicy", "Cluster");
        }

        if (type == "LoadBalancer")
        {
            Defaults.Set(spec, "allocateLoadBalancerNodePorts", true);
        }
    }
}
