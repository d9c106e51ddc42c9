using System.Text.Json.Nodes;

namespace HomelabOps.Sandbox.Api.Rules;

/// <summary>The defaults of a service.</summary>
internal static class ServiceDefaults
{
    public static void Apply(JsonObject spec)
    {
        Defaults.Set(spec, "type", "ClusterIP");
        Defaults.Set(spec, "sessionAffinity", "None");
        var type = (string?)spec["type"];
        foreach (var port in (spec["ports"] as JsonArray ?? []).OfType<JsonObject>())
        {
            Defaults.Set(port, "protocol", "TCP");
            if (port["port"] is { } number)
            {
                Defaults.Set(port, "targetPort", number.DeepClone());
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
