using System.Text.Json.Nodes;
using HomelabOps.Sandbox.Kinds;
using static HomelabOps.Sandbox.Api.Tables.Cells;

namespace HomelabOps.Sandbox.Api.Rules.Limits;

/// <summary>Which objects a quota is about. Only pods have what its scopes speak of.</summary>
internal static class QuotaScope
{
    public static bool Holds(JsonObject quota, ResourceKind kind, JsonObject item)
    {
        var scopes = (At(quota, "spec.scopes") as JsonArray ?? []).Select(scope => (string?)scope ?? "").ToList();
        var selectors = Items(quota, "spec.scopeSelector.matchExpressions").ToList();
        return (scopes.Count == 0 && selectors.Count == 0)
            || (kind.Resource == "pods" && scopes.TrueForAll(scope => Fits(scope, item)) && selectors.TrueForAll(selector => Fits(selector, item)));
    }

    private static bool Fits(string scope, JsonObject pod) => scope switch
    {
        "Terminating" => At(pod, "spec.activeDeadlineSeconds") is not null,
        "NotTerminating" => At(pod, "spec.activeDeadlineSeconds") is null,
        "BestEffort" => QualityOfService.Of(pod) == "BestEffort",
        "NotBestEffort" => QualityOfService.Of(pod) != "BestEffort",
        "PriorityClass" => Text(pod, "spec.priorityClassName").Length > 0,
        _ => false,
    };

    private static bool Fits(JsonObject selector, JsonObject pod)
    {
        var scope = Text(selector, "scopeName");
        if (scope != "PriorityClass")
        {
            return Fits(scope, pod);
        }

        var name = Text(pod, "spec.priorityClassName");
        var isNamed = (selector["values"] as JsonArray ?? []).Any(value => (string?)value == name);
        return Text(selector, "operator") switch
        {
            "In" => isNamed,
            "NotIn" => !isNamed,
            "DoesNotExist" => name.Length == 0,
            _ => name.Length > 0,
        };
    }
}
