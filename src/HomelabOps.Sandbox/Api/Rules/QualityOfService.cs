using System.Text.Json.Nodes;

namespace HomelabOps.Sandbox.Api.Rules;

/// <summary>The class of a pod by what its containers ask for and are limited to.</summary>
internal static class QualityOfService
{
    private static readonly string[] Counted = ["cpu", "memory"];

    public static string Of(JsonObject pod)
    {
        var containers = (pod["spec"]?["containers"] as JsonArray ?? []).Concat(pod["spec"]?["initContainers"] as JsonArray ?? []).OfType<JsonObject>().ToArray();
        var any = containers.Any(container => Counted.Any(name => container["resources"]?["requests"]?[name] is not null || container["resources"]?["limits"]?[name] is not null));
        if (!any)
        {
            return "BestEffort";
        }

        var guaranteed = containers.All(container => Counted.All(name => container["resources"]?["limits"]?[name] is { } limit
            && (container["resources"]?["requests"]?[name] is not { } request || JsonNode.DeepEquals(limit, request))));
        return guaranteed ? "Guaranteed" : "Burstable";
    }
}
