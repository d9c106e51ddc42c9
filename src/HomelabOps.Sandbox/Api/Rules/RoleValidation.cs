using System.Text.Json.Nodes;

namespace HomelabOps.Sandbox.Api.Rules;

/// <summary>What must hold within a Role or a ClusterRole.</summary>
internal static class RoleValidation
{
    public static void Check(string kind, JsonObject node, List<FieldError> errors)
    {
        foreach (var (rule, path) in PodValidation.Items(node, "rules", ""))
        {
            Rule(rule, path, kind == "Role", errors);
        }

        if (node["aggregationRule"] is JsonObject aggregation && aggregation["clusterRoleSelectors"] is not JsonArray { Count: > 0 })
        {
            errors.Add(FieldError.Required("aggregationRule.clusterRoleSelectors", "at least one clusterRoleSelector required if aggregationRule is non-nil"));
        }
    }

    private static void Rule(JsonObject rule, string path, bool isNamespaced, List<FieldError> errors)
    {
        if (IsEmpty(rule, "verbs"))
        {
            errors.Add(FieldError.Required($"{path}.verbs", "verbs must contain at least one value"));
        }

        if (!IsEmpty(rule, "nonResourceURLs"))
        {
            var isMixed = !IsEmpty(rule, "apiGroups") || !IsEmpty(rule, "resources") || !IsEmpty(rule, "resourceNames");
            errors.AddRange(isNamespaced ? [Urls("namespaced rules cannot apply to non-resource URLs")] : []);
            errors.AddRange(isMixed ? [Urls("rules cannot apply to both regular resources and non-resource URLs")] : []);
            return;
        }

        foreach (var (name, what) in (ReadOnlySpan<(string, string)>)[("apiGroups", "api group"), ("resources", "resource")])
        {
            errors.AddRange(IsEmpty(rule, name) ? [FieldError.Required($"{path}.{name}", $"resource rules must supply at least one {what}")] : []);
        }

        FieldError Urls(string why) => FieldError.Invalid($"{path}.nonResourceURLs", rule["nonResourceURLs"], why);
    }

    private static bool IsEmpty(JsonObject rule, string name) => rule[name] is not JsonArray { Count: > 0 };
}
